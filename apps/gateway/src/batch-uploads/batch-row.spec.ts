import { rowOfLine, rowOfValue } from './batch-row';

describe('the row of a line', () => {
  it('has the inputs', () => {
    expect(rowOfLine({ line: 3, text: '{"question":"Why?"}' })).toEqual({ inputs: { question: 'Why?' } });
  });

  it.each([
    ['{"question":', 'json_syntax', 'Line 7: The row is not JSON: expected a value, but the row ends'],
    ['[1]', 'json_not_an_object', 'Line 7: The row must be a JSON object'],
    ['{"__proto__":{}}', 'json_forbidden_name', 'Line 7: The row has a member named "__proto__"'],
    [`{"a":${'['.repeat(100)}`, 'json_too_deep', 'Line 7: The row nests deeper than 64 levels'],
  ])('tells of %s by the line', (text, code, message) => {
    expect(rowOfLine({ line: 7, text })).toMatchObject({
      error: {
        code: 'malformed_request',
        message: expect.stringContaining(message),
        details: { errors: [{ code, line: 7 }] },
      },
    });
  });

  it.each([
    ['too_long', 'payload_too_large', 'Line 2: The row has more than 1048576 bytes'],
    ['not_utf8', 'malformed_request', 'Line 2: The row is no UTF-8'],
  ] as const)('tells of a line that is %s', (fault, code, message) => {
    expect(rowOfLine({ line: 2, text: undefined, fault })).toMatchObject({
      error: { code, message: expect.stringContaining(message) },
    });
  });
});

describe('the row of a member of an array', () => {
  it('is an object of inputs, or tells that it is none', () => {
    expect(rowOfValue({ question: 'Why?' })).toEqual({ inputs: { question: 'Why?' } });
    for (const value of [null, 1, 'text', []]) {
      expect(rowOfValue(value)).toMatchObject({ error: { code: 'malformed_request' } });
    }
  });
});
