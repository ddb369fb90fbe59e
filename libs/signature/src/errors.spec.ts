import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSignature, renderSignatureError, signatureErrorCodes, SignatureSyntaxError } from './index';

function failure(text: string): SignatureSyntaxError {
  try {
    parseSignature(text);
  } catch (error) {
    if (error instanceof SignatureSyntaxError) return error;
  }
  throw new Error(`No syntax error in ${text}`);
}

describe('SignatureSyntaxError', () => {
  it('shows the place and a hint', () => {
    expect(failure('question: string -> answer: strin').message).toBe(
      [
        'Unknown type "strin" of field "answer".',
        '  question: string -> answer: strin',
        '                              ^^^^^',
        '  Did you mean "string"?',
      ].join('\n'),
    );
  });

  it('carries code, place and length of each error', () => {
    expect(failure('a:\n  strin -> b: tuple').errors).toEqual([
      expect.objectContaining({ code: 'unknown_type', offset: 5, line: 2, column: 3, length: 5 }),
      expect.objectContaining({ code: 'unsupported_type', offset: 17, line: 2, column: 15, length: 5 }),
    ]);
  });

  it('shows the line of the error only, and of a long line the part around it', () => {
    const long = `${'a'.repeat(60)}, ${'b'.repeat(60)}: strin, ${'c'.repeat(64)} -> d`;
    const [, shown = '', caret = ''] = failure(`x,\n${long}`).message.split('\n');
    expect(shown.length).toBeLessThan(130);
    expect(shown.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('strin');
    expect(shown.startsWith('  …')).toBe(true);
  });

  it('shows no control characters', () => {
    const [message, shown] = failure('a:\tstrin\u0007 -> b').message.split('\n');
    expect([message, shown]).toEqual(['Unknown type "strin " of field "a".', '  a: strin  -> b']);
  });

  it('cuts between characters, wherever it cuts', () => {
    for (let length = 0; length < 4; length += 1) {
      const long = 'x'.repeat(length) + '😀'.repeat(70);
      const { message, errors } = failure(`a: "${long}" -> ${long}`);
      for (const text of [message, ...errors.map((error) => error.message)]) expect(text.isWellFormed()).toBe(true);
    }
  });
});

describe('renderSignatureError', () => {
  it('points behind a text that ends too early', () => {
    const [error] = failure('a').errors;
    expect(error && renderSignatureError('a', error).split('\n').slice(1, 3)).toEqual(['  a', '   ^']);
  });
});

describe('the guide', () => {
  const guide = readFileSync(join(__dirname, '../../../docs/guides/signatures.md'), 'utf8');

  it.each(signatureErrorCodes)('explains %s', (code) => {
    expect(guide).toContain(`\`${code}\``);
  });
});
