import { parseSignature } from '@dspy-nest/signature';
import { programTool } from './program-tool';

const program = (definition: string, more: { description?: string; instructions?: string } = {}) => ({
  programId: 'id',
  name: 'tested',
  version: 1,
  description: more.description ?? null,
  module: 'ChainOfThought' as const,
  signature: {
    ...parseSignature(definition, { name: 'Tested' }),
    ...(more.instructions !== undefined && { instructions: more.instructions }),
  },
});

it('is described by what the program and its signature say, or by what it gives', () => {
  const said = { description: 'Finds the team.', instructions: 'Be strict.' };
  expect(programTool(program('a, b -> c', said)).description).toBe('Finds the team.\n\nBe strict.');
  expect(programTool(program('a, b -> c', { instructions: 'Be strict.' })).description).toBe('Be strict.');
  expect(programTool(program('a, b -> c')).description).toBe('Gives reasoning, c for a, b.');
});

it('has objects as schemas, without a dialect, and what the module adds', () => {
  const { inputSchema, outputSchema } = programTool(program('a: int = 3 -> c: list[object{ d: date }]'));
  expect(inputSchema).toMatchObject({ type: 'object', properties: { a: { type: 'integer' } } });
  expect(outputSchema).toMatchObject({ type: 'object', required: ['reasoning', 'c'] });
  expect(JSON.stringify([inputSchema, outputSchema])).not.toContain('$schema');
});
