import ts from 'typescript';
import { readTypeScript } from './typescript-definitions';

const read = (text: string, path = 'qa.ts') => readTypeScript(ts, path, text).definitions;
const texts = (text: string, path?: string): string[] => read(text, path).map((definition) => definition.text);
const IMPORT = "import { signature } from '@dspy-nest/signature';\n";

describe('definitions in TypeScript and JavaScript', () => {
  it('are the literals given to signature(), in the order of the file', () => {
    const file = `${IMPORT}const a = signature('a -> b');\nconst b = [signature("c -> d"), signature(\`e -> f\`)];`;
    expect(texts(file)).toEqual(['a -> b', 'c -> d', 'e -> f']);
  });

  it.each([
    ['another name', "import { type Inputs, signature as sig } from '@dspy-nest/signature';\nsig('a -> b');"],
    ['the package', "import * as dspy from '@dspy-nest/signature';\ndspy.signature('a -> b');"],
    ['the default', "import dspy from '@dspy-nest/signature';\ndspy.signature('a -> b');"],
    ['require', "const { signature } = require('@dspy-nest/signature');\nsignature('a -> b');"],
    ['require of the package', "const dspy = require('@dspy-nest/signature');\ndspy.signature('a -> b');"],
    ['a dynamic import', "const { signature: s } = await import('@dspy-nest/signature');\ns('a -> b');"],
  ])('are found under %s', (_, file) => {
    expect(texts(file, 'qa.mjs')).toEqual(['a -> b']);
  });

  it.each([
    ['another package', "import { signature } from 'crypto-signer';\nsignature('a');"],
    ['another function', "import { parseSignature } from '@dspy-nest/signature';\nparseSignature('a');"],
    ['a method of something else', `${IMPORT}other.signature('a');`],
    ['a computed text', `${IMPORT}signature(text); signature(\`a -> \${b}\`); signature('a' + 'b'); signature();`],
    ['a comment or a text', `${IMPORT}// signature('a')\nconst x = "signature('a')";`],
    ['no call', `${IMPORT}type T = typeof signature;`],
  ])('are not taken from %s', (_, file) => {
    expect(texts(file)).toEqual([]);
  });

  it('are found in JSX, with its texts that look like quotes', () => {
    const file = `${IMPORT}const x = <p title="it's">don't {signature('a -> b').text}</p>;`;
    expect(texts(file, 'x.tsx')).toEqual(['a -> b']);
    expect(texts(file, 'x.jsx')).toEqual(['a -> b']);
  });

  it('are found in a file that does not compile', () => {
    expect(texts(`${IMPORT}const = ; signature('a -> b')`)).toEqual(['a -> b']);
  });

  it('are found in a very deep tree', () => {
    expect(texts(`${IMPORT}const x = ${'1 + '.repeat(20_000)}1; signature('a -> b');`)).toEqual(['a -> b']);
  });

  it('have the place of what stands between the quotes', () => {
    const file = `${IMPORT}signature( /* here */ 'a -> b');`;
    const [definition] = read(file);
    expect(definition?.stretches[0]?.offset).toBe(file.indexOf('a -> b'));
  });

  it('have the name and instructions that stand beside them', () => {
    const [plain, named] = read(
      `${IMPORT}signature('a -> b'); signature('a -> b', { name: 'Qa', "instructions": \`Be brief.\` });`,
    );
    expect([plain?.options, named?.options]).toEqual([{}, { name: 'Qa', instructions: 'Be brief.' }]);
  });
});
