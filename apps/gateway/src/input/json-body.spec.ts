import { BODY_MAX_BYTES } from '@dspy-nest/contracts';
import { MalformedRequestError, PayloadTooLargeError } from '../http/http.errors';
import { parseJsonBody } from './json-body';

function refusal(text: string): MalformedRequestError {
  try {
    parseJsonBody(text);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRequestError);
    return error as MalformedRequestError;
  }
  throw new Error(`accepted ${text}`);
}

describe('parseJsonBody', () => {
  it('reads an object', () => expect(parseJsonBody('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] }));

  it('takes an empty body for none', () => expect(parseJsonBody('')).toBeUndefined());

  it.each(['[]', '"text"', '1', 'null', 'true'])('refuses %s: no object', (text) => {
    expect(refusal(text).details.errors).toEqual([expect.objectContaining({ code: 'json_not_an_object', line: 1 })]);
  });

  it('says where broken JSON breaks', () => {
    const { message, details } = refusal('{\n  "a": 1,\n  b: 2\n}');
    expect(message).toBe('The body is not JSON: expected a name in double quotes, but found "b" at line 3, column 3.');
    expect(details.errors).toEqual([expect.objectContaining({ code: 'json_syntax', line: 3, column: 3, offset: 14 })]);
  });

  it('refuses JSON 10,000 levels deep and says where it became too deep', () => {
    const { message } = refusal(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
    expect(message).toBe('The body nests deeper than 64 levels at line 1, column 321.');
  });

  it.each(['{"__proto__":{}}', '{"a":[{"__proto__":1}]}', '{"\\u005f_proto__":{}}', '{"\\u005F\\u005fproto__":{}}'])(
    'refuses %s',
    (text) => expect(refusal(text).details.errors?.[0]?.code).toBe('json_forbidden_name'),
  );

  it('takes 1 MiB of anything, and images on top of it', () => {
    const text = 'é'.repeat((BODY_MAX_BYTES - '{"text":""}'.length - 1) / 2);
    expect(parseJsonBody(JSON.stringify({ text }))).toEqual({ text });
    const photo = `data:image/png;base64,${'A'.repeat(3_000_000)}`;
    expect(parseJsonBody(JSON.stringify({ photo, text: text.slice(20) }))).toHaveProperty('photo', photo);
    const more = JSON.stringify({ photo, text: `${text}éé` });
    const besides = Buffer.byteLength(more) - photo.length;
    expect(() => parseJsonBody(more)).toThrow(PayloadTooLargeError);
    expect(() => parseJsonBody(more)).toThrow(`The body has ${besides} bytes besides its images; at most 1048576`);
  });

  it.each(['data:video/mp4;base64,', 'DATA:image/png;base64,', ' data:image/png;base64,'])(
    'counts what begins with "%s" like any text',
    (head) => {
      const text = JSON.stringify({ photo: head + 'A'.repeat(BODY_MAX_BYTES) });
      expect(() => parseJsonBody(text)).toThrow(PayloadTooLargeError);
    },
  );

  it('accepts the forbidden name as a value', () => {
    expect(parseJsonBody('{"a":"__proto__"}')).toEqual({ a: '__proto__' });
  });
});
