import { checkSignature } from '@dspy-nest/signature';
import { givenText } from '../definitions/given-text';
import { findingsIn, renderFinding } from './finding';

const plain = (_: string, text: string): string => text;

describe('what is wrong with a file', () => {
  const text = 'x = 1\ny = "question: strng -> answer: int[]"\n';
  const start = text.indexOf('question');
  const file = {
    path: 'a.py',
    text,
    definitions: [
      {
        text: 'question: strng -> answer: int[]',
        stretches: [{ at: 0, offset: start, length: 32 }],
        options: {},
      },
    ],
  };

  it('is what the language says of each definition, with the place in both', () => {
    const findings = findingsIn(file);
    const errors = findings.map(({ code, message, hint, definition }) => {
      const { text: _, ...place } = definition ?? { text: '' };
      return { code, message, ...(hint !== undefined && { hint }), ...place };
    });
    expect(errors).toEqual(checkSignature('question: strng -> answer: int[]').errors);
    expect(errors).toHaveLength(2);
    expect(findings[0]).toMatchObject({ path: 'a.py', place: { offset: start + 10, line: 2, column: 16, length: 5 } });
  });

  it('is shown with the line of the file', () => {
    const [finding] = findingsIn(file);
    expect(finding && renderFinding(finding, text, plain)).toBe(
      `a.py:2:16: unknown_type: Unknown type "strng" of field "question".
  y = "question: strng -> answer: int[]"
                 ^^^^^
  Did you mean "string"?`,
    );
  });

  it('is in the order of the file', () => {
    const [definition] = file.definitions;
    const problem = { code: 'invalid_python', message: 'No.', hint: 'Mend it.', offset: text.length - 1 } as const;
    const codes = findingsIn({ ...file, definitions: definition ? [definition] : [], problem }).map(({ code }) => code);
    expect(codes.at(-1)).toBe('invalid_python');
  });

  it('is styled at the place, the code and the caret', () => {
    const [finding] = findingsIn(givenText('a -> b: strng'));
    const styled = finding && renderFinding(finding, 'a -> b: strng', (style, part) => `<${style} ${part}>`);
    expect(styled).toBe(
      `<bold <definition>:1:9>: <red unknown_type>: Unknown type "strng" of field "b".
  a -> b: strng
<red           ^^^^^>
  Did you mean "string"?`,
    );
  });

  it('does not hand on what a terminal would obey', () => {
    const text = 'a -> b: \u001B[2J';
    const file = { ...givenText(text), path: 'a\u0007.py' };
    const [finding] = findingsIn(file);
    expect(finding && renderFinding(finding, text, plain)).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('has no place when it is the file as a whole', () => {
    const problem = { code: 'too_large', message: 'The file has more than 1 MiB.', hint: 'Split it.' } as const;
    const [finding] = findingsIn({ path: 'a.json', text: '', definitions: [], problem });
    expect(finding).toEqual({ path: 'a.json', ...problem });
    expect(finding && renderFinding(finding, '', plain)).toBe(
      'a.json: too_large: The file has more than 1 MiB.\n  Split it.',
    );
  });
});
