import { ERROR_CODES, isErrorCode } from './error-codes';
import { WireError } from './index';

describe('error codes', () => {
  it.each(Object.entries(ERROR_CODES))('%s travels and has a status of an error', (code, { httpStatus, title }) => {
    expect(WireError.safeParse({ code, message: '', retryable: false, details: {} }).success).toBe(true);
    expect(httpStatus).toBeGreaterThanOrEqual(400);
    expect(httpStatus).toBeLessThan(600);
    expect(title).not.toBe('');
  });

  it('tells its own codes from others, also from names every object has', () => {
    expect(isErrorCode('timed_out')).toBe(true);
    expect(isErrorCode('brand_new')).toBe(false);
    expect(isErrorCode('toString')).toBe(false);
  });
});
