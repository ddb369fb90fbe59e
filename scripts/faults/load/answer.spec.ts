import { readAnswer } from './answer';

const read = (status: number, body: object): unknown => readAnswer(status, JSON.stringify(body));

describe('readAnswer', () => {
  it('takes an execution that has ended for its outcome, also inside of a problem', () => {
    const outcome = { executionId: 'e', status: 'succeeded', outputs: { echo: 'x' } };
    expect(read(200, { id: 'e', status: 'succeeded', outputs: { echo: 'x' } })).toEqual({ kind: 'ended', outcome });
    expect(read(502, { status: 502, code: 'model_error', execution: { id: 'e', status: 'failed' } })).toEqual({
      kind: 'ended',
      outcome: { executionId: 'e', status: 'failed', outputs: null },
    });
    expect(read(409, { status: 409, code: 'cancelled', execution: { id: 'e', status: 'cancelled' } })).toMatchObject({
      kind: 'ended',
    });
  });

  it('takes an accepted or running execution for open', () => {
    expect(read(202, { id: 'e', status: 'queued' })).toEqual({ kind: 'open', executionId: 'e' });
    expect(read(200, { id: 'e', status: 'running' })).toEqual({ kind: 'open', executionId: 'e' });
  });

  it.each([
    [503, 'no_worker'],
    [504, 'timed_out'],
    [500, 'internal'],
    [429, 'overloaded'],
    [409, 'idempotency_key_in_flight'],
  ])('asks again after %d %s', (status, code) => {
    expect(read(status, { status, code, retryAfterS: 2 })).toEqual({
      kind: 'again',
      reason: `${status} ${code}`,
      afterMs: 2_000,
    });
  });

  it.each([
    [422, 'idempotency_key_reused'],
    [404, 'execution_not_found'],
    [409, 'execution_finished'],
  ])('does not ask again after %d %s', (status, code) => {
    expect(read(status, { status, code, detail: 'No.' })).toEqual({
      kind: 'refused',
      reason: `${status} ${code}: No.`,
    });
  });

  it('asks again after an answer that is no JSON', () => {
    expect(readAnswer(502, '<html>')).toEqual({ kind: 'again', reason: '502 no JSON', afterMs: 0 });
  });
});
