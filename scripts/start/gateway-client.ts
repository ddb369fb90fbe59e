import { waitUntil } from '@dspy-nest/embedded';

const REQUEST_TIMEOUT_MS = 90_000;
const READY_INTERVAL_MS = 100;

/** An execution as the gateway answers it. */
export interface ExecutionAnswer {
  readonly status: string;
  readonly outputs?: Readonly<Record<string, unknown>> | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly timing?: { readonly totalMs?: number; readonly lmMs?: number; readonly overheadMs?: number };
}

/** The gateway answered otherwise than the start needs it. */
export class GatewayAnswerError extends Error {
  readonly code = 'gateway_answer';
}

/** Waits until the gateway says that it is ready; throws GatewayAnswerError with what it says is missing. */
export async function waitForReady(
  url: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  let missing = 'it does not answer at all';
  const isReady = async () => {
    if (signal.aborted) return true;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    missing = (await response.text()).slice(0, 2_000);
    return response.status === 200;
  };
  if (await waitUntil(isReady, { timeoutMs, intervalMs: READY_INTERVAL_MS })) return;
  throw new GatewayAnswerError(`The suite was not ready within ${timeoutMs / 1000} s: ${url} says: ${missing}`);
}

/** Creates a program unless there is one of this name. */
export async function createProgram(gateway: string, body: { name: string; signature: string }): Promise<void> {
  const { status, answer } = await post(`${gateway}/v1/programs`, body);
  if (status === 201 || (status === 409 && (answer as { code?: string }).code === 'name_conflict')) return;
  throw new GatewayAnswerError(`The program ${body.name} was not created: ${JSON.stringify(answer)}`);
}

/** Runs a program and waits for its end; throws GatewayAnswerError when no execution came about. */
export async function execute(gateway: string, program: string, inputs: object): Promise<ExecutionAnswer> {
  const { answer } = await post(`${gateway}/v1/programs/${program}/executions`, { inputs });
  const execution = (answer as { execution?: ExecutionAnswer }).execution ?? (answer as ExecutionAnswer);
  if (typeof execution.status === 'string') return execution;
  throw new GatewayAnswerError(`The program ${program} was not executed: ${JSON.stringify(answer)}`);
}

async function post(url: string, body: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  return { status: response.status, answer: await response.json() };
}
