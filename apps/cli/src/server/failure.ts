import { printable } from '../output';

/** An answer of problem+json, as far as it is shown. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly message?: string }[];
}

const ELSEWHERE = 'Give the address of a DSPy-Nest gateway with --url.';

/** What to say of an answer that is not what was asked for. */
export function describeAnswer(url: URL, status: number, body: Problem): string {
  if (body.code === undefined || body.detail === undefined) {
    return `${url.href} answered ${status} in a form that DSPy-Nest does not use: another program listens there. ${ELSEWHERE}`;
  }
  const errors = (body.errors ?? [])
    .filter(({ message }) => message !== body.detail)
    .map(({ pointer, message }) => `\n  ${printable(pointer === '' ? `${message}` : `${pointer}: ${message}`)}`);
  const place = `${url.origin}${url.pathname}`;
  return `${printable(`${place} answered ${status} ${body.code}: ${body.detail}`)}${errors.join('')}`;
}

/** What to say when there was no answer. */
export function describeFailure(url: URL, timeoutMs: number, error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') {
    return `${url.href} did not answer within ${timeoutMs / 1_000} s. Look at ${url.origin}/readyz, which says what is missing.`;
  }
  const reason = cause?.code ?? cause?.message ?? message;
  if (reason === 'ECONNREFUSED') {
    return `Nothing listens at ${url.origin} (ECONNREFUSED). Start DSPy-Nest there, or give its address with --url.`;
  }
  return `${url.href} cannot be reached (${reason}). ${ELSEWHERE}`;
}
