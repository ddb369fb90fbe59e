import { WireError } from '@dspy-nest/contracts';
import {
  AppError,
  fromWireError,
  InternalError,
  RemoteError,
  ServiceUnavailableError,
  toWireError,
  ValidationFailedError,
} from './errors';

class TiredError extends AppError {
  readonly code = 'too_many_requests';

  override get retryable(): boolean {
    return false;
  }
}

describe('an AppError', () => {
  it('knows its name, its cause and from the table whether to try again', () => {
    const cause = new Error('below');
    const error = new ServiceUnavailableError('No database.', { cause });
    expect(error).toMatchObject({
      name: 'ServiceUnavailableError',
      code: 'service_unavailable',
      retryable: true,
      cause,
    });
    expect(new InternalError('Oh.').retryable).toBe(false);
    expect('cause' in new InternalError('Oh.')).toBe(false);
  });

  it('may decide for itself whether to try again', () => {
    expect(toWireError(new TiredError('Later.'))).toMatchObject({ code: 'too_many_requests', retryable: false });
  });
});

describe('toWireError', () => {
  it('gives what the contract allows, with the places', () => {
    const errors = [{ pointer: '/name', code: 'too_big', message: 'too long' }];
    const wire = toWireError(new ValidationFailedError('Bad.', errors, { details: { hint: 'shorter' } }));
    expect(WireError.parse(wire)).toEqual({
      code: 'validation_failed',
      message: 'Bad.',
      retryable: false,
      details: { errors, hint: 'shorter' },
    });
  });

  it.each([new Error('password=hunter2'), 'hunter2', { message: 'hunter2', code: 'hunter2' }, undefined, null])(
    'tells nothing of an unknown error: %p',
    (thrown) => {
      const wire = WireError.parse(toWireError(thrown));
      expect(wire).toMatchObject({ code: 'internal', retryable: false, details: {} });
      expect(JSON.stringify(wire)).not.toContain('hunter2');
    },
  );

  it('cuts a message that is longer than the contract allows', () => {
    expect(WireError.parse(toWireError(new InternalError('x'.repeat(20_000)))).message).toHaveLength(10_000);
  });
});

describe('fromWireError', () => {
  it('gives the same error back', () => {
    const wire: WireError = { code: 'output_invalid', message: 'No.', retryable: false, details: { retryAfterS: 1 } };
    expect(fromWireError(wire)).toBeInstanceOf(RemoteError);
    expect(toWireError(fromWireError(wire))).toEqual(wire);
  });

  it('takes a code it does not know as internal', () => {
    expect(fromWireError({ code: 'from_the_future', message: 'No.', retryable: true, details: {} })).toMatchObject({
      code: 'internal',
      message: 'No.',
      retryable: true,
    });
  });
});
