import { ServiceUnavailableError, ValidationFailedError } from './errors';
import { toProblem } from './problem';

describe('toProblem', () => {
  it('says what, where and in which trace', () => {
    const errors = [{ pointer: '/name', code: 'too_big', message: 'too long' }];
    expect(toProblem(new ValidationFailedError('Bad name.', errors), 'abc')).toEqual({
      type: 'urn:dspy-nest:problem:validation_failed',
      title: 'Invalid request',
      status: 422,
      detail: 'Bad name.',
      code: 'validation_failed',
      traceId: 'abc',
      errors,
    });
  });

  it('shows details as members, which cannot take the place of its own', () => {
    const error = new ServiceUnavailableError('Away.', { details: { retryAfterS: 2, status: 200, code: 'fine' } });
    expect(toProblem(error, 'abc')).toMatchObject({
      status: 503,
      code: 'service_unavailable',
      retryAfterS: 2,
      errors: [],
    });
  });

  it('keeps unknown errors to itself', () => {
    const problem = toProblem(new Error('hunter2'), 'abc');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
