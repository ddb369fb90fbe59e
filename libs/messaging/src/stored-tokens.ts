import { STREAMS, tokenSubject, type StreamedEventsV1 } from '@dspy-nest/contracts';
import { JetStreamApiError, type ApiError, type StoredMsg } from '@nats-io/jetstream';
import { headers, type Msg } from '@nats-io/transport-node';
import type { Nats } from './nats';
import { isEndOf, readBatch } from './read-batch';

const SEQUENCE = 'Nats-Sequence';
const LAST_SEQUENCE = 'Nats-Last-Sequence';
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';
const WRONG_LAST_SEQUENCE = 10_071;
const STORED_WITHIN_MS = 1_000;
const SHUT_TRIES = 5;
/** The number of what is told first: before it an execution is queued, and started. */
export const FIRST_TOLD = 3;

/** What was stored of one execution in one message. */
export interface StoredTokens extends StreamedEventsV1 {
  /** Its number in the stream. */
  readonly position: number;
  /** The number of the message of the same execution before it; 0 when there is none. */
  readonly previous: number;
  readonly bytes: number;
}

/** Messages of one execution as they are stored. */
export interface TokenPage {
  readonly messages: StoredTokens[];
  /** Whether there were no more when they were read. */
  readonly isEnd: boolean;
}

/** Reads what NATS sends again of what it has stored. */
export function toStoredTokens(message: Msg): StoredTokens {
  const numberIn = (header: string): number => Number(message.headers?.get(header) ?? 0);
  return {
    ...(JSON.parse(message.string()) as StreamedEventsV1),
    position: numberIn(SEQUENCE),
    previous: numberIn(LAST_SEQUENCE),
    bytes: message.data.length,
  };
}

/** The first messages of an execution after a number of the stream. Rejects as JetStream does. */
export async function readTokens(nats: Nats, tenant: string, id: string, after: number): Promise<TokenPage> {
  const read = await readBatch(nats, STREAMS.tokens, tokenSubject(tenant, id), after + 1);
  let previous = after;
  const messages = read.map((message) => {
    const tokens = fromStream(message, previous);
    previous = tokens.position;
    return tokens;
  });
  return { messages, isEnd: isEndOf(read) };
}

/** The number of the last event that is stored of an execution, and where; undefined when none is. */
export async function lastTokens(nats: Nats, tenant: string, id: string): Promise<StoredTokens | undefined> {
  const found = await nats.manager.direct.getMessage(STREAMS.tokens, { last_by_subj: tokenSubject(tenant, id) });
  return found === null ? undefined : fromStream(found, 0);
}

/** The number of the last event in a message. */
export const endOf = ({ first, events }: StreamedEventsV1): number => first + events.length - 1;

/**
 * Stores behind all that is stored of an execution that nothing follows: a worker that does not know of it can store nothing any
 * more. Resolves to the number of the last event; null when none was told. Rejects as JetStream does.
 */
export async function shutTokens(nats: Nats, tenant: string, id: string): Promise<number | null> {
  for (let tries = 1; ; tries += 1) {
    const last = await lastTokens(nats, tenant, id);
    const told = last === undefined ? FIRST_TOLD - 1 : endOf(last);
    const end: StreamedEventsV1 = { first: told + 1, events: [] };
    const position = await storeTokens(nats, tokenSubject(tenant, id), JSON.stringify(end), last?.position ?? 0);
    if (position !== null) return told < FIRST_TOLD ? null : told;
    if (tries === SHUT_TRIES) throw new Error(`What is told of execution ${id} does not end.`);
  }
}

/**
 * Stores a message behind the one of a number, 0 where there is none. Resolves to its number in the stream; null if another
 * message is the last one. Rejects as JetStream does.
 */
export async function storeTokens(nats: Nats, subject: string, body: string, after: number): Promise<number | null> {
  const hdrs = headers();
  hdrs.set(EXPECTED, String(after));
  const answer = await nats.inbox.ask(subject, body, { timeoutMs: STORED_WITHIN_MS, headers: hdrs });
  const { error, seq } = answer.json<{ error?: ApiError; seq: number }>();
  if (error === undefined) return seq;
  if (error.err_code !== WRONG_LAST_SEQUENCE) throw new JetStreamApiError(error);
  return null;
}

function fromStream({ seq, data }: StoredMsg, previous: number): StoredTokens {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  return { ...(JSON.parse(text) as StreamedEventsV1), position: seq, previous, bytes: data.length };
}
