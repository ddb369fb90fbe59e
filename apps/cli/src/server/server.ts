import { CommandError, exitCodes } from '../command.errors';
import { describeAnswer, describeFailure } from './failure';

/** A DSPy-Nest server, by the address of its gateway. */
export interface Server {
  readonly url: URL;
  readonly timeoutMs: number;
}

type Query = Readonly<Record<string, string>>;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const PAGE_LIMIT = '200';

/** Reads a list to its end, page by page. Throws CommandError that says what the server, or the way to it, did not do. */
export async function readAll<T>(server: Server, path: string, query: Query = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Page<T> = await readPage(server, path, { ...query, ...(typeof cursor === 'string' && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Reads a resource that has the member `id`. Throws CommandError. */
export function readOne<T extends { readonly id: string }>(server: Server, path: string): Promise<T> {
  return resourceAt<T>(server, path, {});
}

/** Sends a body, or nothing, and reads the resource that is answered. Throws CommandError. */
export function post<T extends { readonly id: string }>(server: Server, path: string, body?: object): Promise<T> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return resourceAt<T>(server, path, { method: 'POST', ...(body !== undefined && json) });
}

/** Reads JSON values, one a line. Throws CommandError. */
export async function readLines<T>(server: Server, path: string): Promise<T[]> {
  const url = new URL(path, server.url);
  const { status, text } = await ask(url, server.timeoutMs, {});
  if (status !== 200) throw new CommandError(exitCodes.failed, describeAnswer(url, status, parseObject(text)));
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

async function resourceAt<T>(server: Server, path: string, request: RequestInit): Promise<T> {
  const url = new URL(path, server.url);
  const { status, text } = await ask(url, server.timeoutMs, request);
  const body = parseObject(text);
  if (status >= 200 && status < 300 && typeof body.id === 'string') return body as T;
  throw new CommandError(exitCodes.failed, describeAnswer(url, status, body));
}

async function readPage<T>(server: Server, path: string, query: Query): Promise<Page<T>> {
  const url = new URL(path, server.url);
  for (const [name, value] of Object.entries({ limit: PAGE_LIMIT, ...query })) url.searchParams.set(name, value);
  const { status, text } = await ask(url, server.timeoutMs, {});
  const body = parseObject(text);
  if (status === 200 && Array.isArray(body.items)) return body as unknown as Page<T>;
  throw new CommandError(exitCodes.failed, describeAnswer(url, status, body));
}

async function ask(url: URL, timeoutMs: number, request: RequestInit): Promise<Answer> {
  try {
    const headers = { accept: 'application/json, application/x-ndjson', ...request.headers };
    const response = await fetch(url, { ...request, headers, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new CommandError(exitCodes.failed, describeFailure(url, timeoutMs, cause), { cause });
  }
}

// Whatever is no JSON object has none of the members that are looked for.
function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
