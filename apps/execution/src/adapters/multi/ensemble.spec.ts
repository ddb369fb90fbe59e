import type { ModelV1, ProgramConfig } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { chainOf, ensembleOf } from './ensemble';

const signature = parseSignature('question -> why, answer', { name: 'Ask' });
const models = [
  { id: 'a', version: 1, name: 'small', format: 'completion' },
  { id: 'b', version: 4, name: 'big', format: 'auto' },
] as unknown as ModelV1[];
const programOf = (config: ProgramConfig) => ({ signature, format: 'auto', config }) as const;

describe('ensembleOf', () => {
  it('asks each model in its own form, unless the call says how', () => {
    const formats = (format?: 'json'): string[] =>
      ensembleOf({ ...(format && { format }) }, programOf({}), models).models.map((model) => model.format);
    expect(formats()).toEqual(['completion', 'chat']);
    expect(formats('json')).toEqual(['json', 'json']);
  });

  it('of one model is no chain, of several one in their order', () => {
    expect(chainOf({}, programOf({}), models.slice(0, 1))).toBeNull();
    expect(chainOf({}, programOf({}), models)).toMatchObject({ strategy: 'chain', models: [{ id: 'a' }, { id: 'b' }] });
  });

  it('names the models in their order', () => {
    expect(ensembleOf({}, programOf({}), models).models).toMatchObject([
      { id: 'a', version: 1, name: 'small' },
      { id: 'b', version: 4, name: 'big' },
    ]);
  });

  it.each<[ProgramConfig, string, string[]]>([
    [{}, 'first', []],
    [{ multi: { strategy: 'vote' } }, 'vote', ['answer']],
    [{ multi: { strategy: 'vote', fields: ['why', 'answer'] } }, 'vote', ['why', 'answer']],
    [{ multi: { strategy: 'best', fields: ['sure'] } }, 'best', ['sure']],
  ])('of %j takes the answer by %s', (config, strategy, fields) => {
    expect(ensembleOf({}, programOf(config), models)).toMatchObject({ strategy, fields });
  });
});
