import { ERROR_CODES } from '@dspy-nest/contracts';
import {
  ConflictError,
  DspyNestError,
  ExecutionFailedError,
  InvalidRequestError,
  NotFoundError,
  OverloadedError,
  UnavailableError,
  UnexpectedAnswerError,
} from './errors';
import { errorOf, RETRYABLE_CODES } from './problem';

const NOW_MS = Date.parse('2026-01-05T09:30:00Z');
const answer = (status: number, body: object | string, headers: Record<string, string> = {}): DspyNestError =>
  errorOf(new Response(null, { status, headers }), typeof body === 'string' ? body : JSON.stringify(body), NOW_MS);
const problem = (code: string, more: object = {}): object => ({ code, detail: `It is ${code}.`, errors: [], ...more });

describe('errorOf', () => {
  it('knows the codes that the platform calls retryable', () => {
    const retryable = Object.entries(ERROR_CODES).filter(([, { retryable }]) => retryable);
    expect([...RETRYABLE_CODES].sort()).toEqual(retryable.map(([code]) => code).sort());
  });

  it.each([
    [400, 'malformed_request', InvalidRequestError],
    [404, 'program_not_found', NotFoundError],
    [409, 'name_conflict', ConflictError],
    [422, 'invalid_inputs', InvalidRequestError],
    [429, 'overloaded', OverloadedError],
    [503, 'no_worker', UnavailableError],
    [500, 'internal', DspyNestError],
  ])('makes of %d %s an error of its own class', (status, code, type) => {
    const error = answer(status, problem(code));
    expect(error.constructor).toBe(type);
    expect(error.name).toBe(type.name);
    expect(error).toMatchObject({ code, status, message: `It is ${code}.`, retryable: RETRYABLE_CODES.has(code) });
  });

  it('tells what is wrong place by place, and where to look', () => {
    const errors = [{ pointer: '/inputs/question', code: 'required', message: 'It is missing.', hint: 'Add it.' }];
    expect(answer(422, problem('invalid_inputs', { errors, traceId: 'abc' }))).toMatchObject({
      errors,
      traceId: 'abc',
    });
  });

  it('carries the execution that did not succeed, and believes it about trying again', () => {
    const execution = { status: 'failed', error: { code: 'timed_out', retryable: false } };
    const error = answer(504, problem('timed_out', { execution }));
    expect(error).toBeInstanceOf(ExecutionFailedError);
    expect(error).toMatchObject({ execution, retryable: false });
  });

  it.each([
    ['the member', problem('overloaded', { retryAfterS: 0.5 }), { 'retry-after': '9' }, 500],
    ['seconds', problem('overloaded'), { 'retry-after': '9' }, 9_000],
    ['a date', 'busy', { 'retry-after': 'Mon, 05 Jan 2026 09:30:02 GMT' }, 2_000],
    ['a date that is past', 'busy', { 'retry-after': 'Mon, 05 Jan 2026 09:29:00 GMT' }, 0],
    ['nonsense', 'busy', { 'retry-after': 'soon' }, undefined],
    ['nothing', 'busy', {}, undefined],
  ])('reads how long to wait from %s', (_, body, headers, retryAfterMs) => {
    expect(answer(429, body, headers as Record<string, string>).retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    [502, '<html>Bad gateway</html>', true],
    [404, '{"error":"no route"}', false],
    [500, '7', false],
  ])('says of a foreign answer with %d that it is one', (status, body, retryable) => {
    const error = answer(status, body);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toMatchObject({ code: 'unexpected_answer', status, retryable });
  });
});
