import fc from 'fast-check';
import ts from 'typescript';
import { quote, renderComment } from './render-text';

it('writes any text as a literal that says it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '"', '\\', '`', '\n', '\u2028', 'a', '😀', '$', '{') }),
      (text) => {
        const source = ts.createSourceFile('x.ts', quote(text), ts.ScriptTarget.Latest);
        const [statement] = source.statements;
        const { expression } = statement as ts.ExpressionStatement;
        expect((expression as ts.StringLiteral).text).toBe(text);
      },
    ),
  );
});

describe('a doc comment', () => {
  it.each([
    ['What is asked.', '  /** What is asked. */\n'],
    ['  One.\n\nTwo.\u0007  \r\n', '  /**\n   * One.\n   *\n   * Two.\n   */\n'],
    ['ends */ here', '  /** ends *\\/ here */\n'],
    ['', ''],
    [null, ''],
    [undefined, ''],
  ])('of %j', (text, comment) => {
    expect(renderComment(text, '  ')).toBe(comment);
  });
});
