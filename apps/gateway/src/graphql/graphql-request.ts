import type { ErrorItem } from '@dspy-nest/contracts';
import type { FastifyRequest } from 'fastify';
import { MalformedRequestError, UnsupportedMediaTypeError } from '../http/http.errors';

const OBJECTS = ['variables', 'extensions'] as const;
const PARAMETERS: readonly string[] = ['query', 'operationName', ...OBJECTS];

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Refuses what is no request in the sense of GraphQL over HTTP, before any document is read. Throws MalformedRequestError that
 * names every wrong parameter, and UnsupportedMediaTypeError for a POST without a content type.
 */
export function refuseMalformed({
  method,
  headers,
  query,
  body,
}: Pick<FastifyRequest, 'method' | 'headers' | 'query' | 'body'>): void {
  if (method !== 'POST') return refuseMalformedQuery(query as Parameters);
  if (headers['content-type'] === undefined) throw new UnsupportedMediaTypeError(undefined);
  return refuseMalformedBody((body ?? {}) as Parameters);
}

function refuseMalformedBody(body: Parameters): void {
  const unknown = Object.keys(body).filter((name) => !PARAMETERS.includes(name));
  const rule = `is not known here: use ${PARAMETERS.join(', ')}`;
  refuse([...unknown.map((name) => errorItem(name, rule)), ...wrongTexts(body), ...wrongObjects(body)]);
}

/** In a query string objects are JSON. */
function refuseMalformedQuery(query: Parameters): void {
  refuse([...wrongTexts(query), ...wrongObjects({ ...query, ...readObjects(query) })]);
}

function wrongTexts({ query, operationName }: Parameters): ErrorItem[] {
  const errors: ErrorItem[] = [];
  if (query === undefined) errors.push(errorItem('query', 'is missing: it is the GraphQL document'));
  else if (typeof query !== 'string') errors.push(errorItem('query', 'must be one text: the GraphQL document'));
  if (typeof (operationName ?? '') !== 'string') errors.push(errorItem('operationName', 'must be a text'));
  return errors;
}

function wrongObjects(parameters: Parameters): ErrorItem[] {
  const wrong = OBJECTS.filter((name) => {
    const value = parameters[name] ?? {};
    return typeof value !== 'object' || Array.isArray(value);
  });
  return wrong.map((name) => errorItem(name, 'must be a JSON object, such as {"name": "x"}'));
}

/** What is no JSON stays the text that it is. */
function readObjects(query: Parameters): Parameters {
  const given = OBJECTS.filter((name) => typeof query[name] === 'string');
  return Object.fromEntries(given.map((name) => [name, readJson(query[name] as string)]));
}

function readJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorItem(name: string, rule: string): ErrorItem {
  const shown = name.slice(0, 100);
  const pointer = `/${shown.replace(/~/g, '~0').replace(/\//g, '~1')}`;
  return { pointer, code: 'invalid_parameter', message: `The parameter "${shown}" ${rule}.` };
}

function refuse(errors: ErrorItem[]): void {
  if (errors.length > 0) throw new MalformedRequestError(errors.map(({ message }) => message).join(' '), errors);
}
