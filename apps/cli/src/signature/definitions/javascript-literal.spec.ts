import fc from 'fast-check';
import ts from 'typescript';
import { spanInFile } from './definition';
import { readLiteral } from './javascript-literal';

/** What TypeScript itself reads. */
function valueOf(literal: string): string {
  const source = ts.createSourceFile('x.js', `(${literal})`, ts.ScriptTarget.Latest, true);
  const [statement] = source.statements;
  const { expression } = (statement as ts.ExpressionStatement).expression as ts.ParenthesizedExpression;
  return (expression as ts.StringLiteralLike).text;
}

const escapes = String.raw`\n \t \0 \x41 \u0041 \u{1F600} \\ \' \" \$`.split(' ');
const pieces = fc.constantFrom('a', '->', ' ', '😀', 'é', '"', '\\`', '\\😀', '\\\n', '\\\r\n', ...escapes);

describe('a literal of JavaScript', () => {
  it.each([
    ['a string', "'"],
    ['a template', '`'],
  ])('is read as TypeScript reads %s', (_, quote) => {
    fc.assert(
      fc.property(fc.array(pieces), (given) => {
        const raw = given.join('');
        expect(readLiteral(raw, 0).text).toBe(valueOf(`${quote}${raw}${quote}`));
      }),
    );
  });

  it('takes a line break of a template for what the program sees', () => {
    const raw = 'a\r\nb\rc\nd';
    expect(readLiteral(raw, 0).text).toBe(valueOf(`\`${raw}\``));
  });

  it('knows where each character stands in the file', () => {
    const raw = String.raw`a\u{1F600}b\x41\
c`;
    const definition = { ...readLiteral(raw, 10), options: {} };
    expect(definition.text).toBe('a😀bAc');
    const places = ['a', '😀', 'b', 'A', 'c'].map((character) => {
      const { offset } = spanInFile(definition, { offset: definition.text.indexOf(character), length: 1 });
      return raw.slice(offset - 10);
    });
    expect(places.map((rest) => rest.slice(0, 2))).toEqual(['a\\', '\\u', 'b\\', '\\x', 'c']);
  });

  it('points at its closing quote for what is missing at the end', () => {
    const definition = { ...readLiteral('a ->', 5), options: {} };
    expect(spanInFile(definition, { offset: 4, length: 1 })).toEqual({ offset: 9, length: 1 });
  });

  it('underlines an escape as a whole when what is wrong goes past it', () => {
    const definition = { ...readLiteral(String.raw`a\x41b`, 0), options: {} };
    expect(spanInFile(definition, { offset: 0, length: 3 })).toEqual({ offset: 0, length: 6 });
  });
});
