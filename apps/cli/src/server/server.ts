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

async function readPage<T>(server: Server, path: string, query: Query): Promise<Page<T>> {
  const url = new URL(path, server.url);
  for (const [name, value] of Object.entries({ limit: PAGE_LIMIT, ...query })) url.searchParams.set(name, value);
  const { status, body } = await ask(url, server.timeoutMs);
  if (status === 200 && Array.isArray(body.items)) return body as unknown as Page<T>;
  throw new CommandError(exitCodes.failed, describeAnswer(url, status, body));
}

async function ask(url: URL, timeoutMs: number): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: parseObject(await response.text()) };
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
