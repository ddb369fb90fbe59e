import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executedOutputs, parseSignature } from '@dspy-nest/signature';
import { definitions } from '../../../test/program-types/definitions';
import type { PulledProgram } from './pulled-program';
import { renderPrograms } from './render-programs';

const GOLDEN = join(__dirname, '..', '..', '..', 'test', 'program-types', 'pulled-programs.ts');

function program(name: string, definition: string, module = 'Predict'): PulledProgram {
  const { inputs, outputs } = parseSignature(definition);
  return { name, description: null, inputs, outputs: executedOutputs({ outputs }, module) };
}

describe('the types of programs', () => {
  // `pulled-programs.test-d.ts` compiles that file, and holds its types against those of the definitions.
  it('are those in the file that the compiler checks', () => {
    const programs = Object.entries(definitions).map(([name, { text }]) => program(name, text));
    expect(renderPrograms(programs)).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('have comments of the descriptions of programs and fields', () => {
    const given = {
      ...program('qa', 'a: string "what is asked" -> b: object{ c: int "how many" }'),
      description: 'Answers.',
    };
    expect(renderPrograms([given])).toContain(`  /** Answers. */
  qa: {
    inputs: {
      /** what is asked */
      a: string;
    };
    outputs: {
      b: {
        /** how many */
        c: number;
      };
    };
  };
`);
  });

  it('have what ChainOfThought adds', () => {
    expect(renderPrograms([program('qa', 'a -> b', 'ChainOfThought')])).toMatch(
      /outputs: \{\n\s*reasoning: string\[\];/,
    );
  });

  it('are an empty module without programs', () => {
    expect(renderPrograms([])).toMatch(/export interface Programs \{\n\}\n$/);
  });
});
