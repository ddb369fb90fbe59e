import type { ProgramConfig } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { checkMultiSettings } from './multi-settings';

const signature = parseSignature('question -> answer, sure: probability, tip: int?', { name: 'Ask' });
const models = ['small', 'big'];

function faults(config: ProgramConfig, adapter: 'multi' | 'auto' = 'multi'): { pointer: string; code: string }[] {
  try {
    checkMultiSettings({ signature, adapter, config });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationFailedError)) throw error;
    return error.details['errors'] as { pointer: string; code: string }[];
  }
}

describe('checkMultiSettings', () => {
  it.each<ProgramConfig>([
    { models },
    { models, multi: { strategy: 'first' } },
    { models, multi: { strategy: 'vote' } },
    { models, multi: { strategy: 'vote', fields: ['answer', 'tip'] } },
    { models, multi: { strategy: 'best', fields: ['sure'] } },
  ])('takes %j', (config) => {
    expect(faults(config)).toEqual([]);
  });

  it('has nothing to say of programs that have nothing to do with it', () => {
    expect(faults({ models: ['small'] }, 'auto')).toEqual([]);
  });

  it.each<[ProgramConfig, string, string]>([
    [{}, '/config/models', 'models_too_few'],
    [{ models: ['small'] }, '/config/models', 'models_too_few'],
    [{ models: ['small', 'big', 'small'] }, '/config/models', 'models_too_few'],
    [{ models, multi: { strategy: 'first', fields: ['answer'] } }, '/config/multi/fields', 'fields_unused'],
    [{ models, multi: { strategy: 'vote', fields: ['answer', 'town'] } }, '/config/multi/fields/1', 'no_output'],
    [{ models, multi: { strategy: 'best' } }, '/config/multi/fields', 'not_comparable'],
    [{ models, multi: { strategy: 'best', fields: ['answer'] } }, '/config/multi/fields', 'not_comparable'],
    [{ models, multi: { strategy: 'best', fields: ['tip'] } }, '/config/multi/fields', 'not_comparable'],
    [{ models, multi: { strategy: 'best', fields: ['sure', 'sure'] } }, '/config/multi/fields', 'not_comparable'],
  ])('refuses %j and says where', (config, pointer, code) => {
    expect(faults(config)).toEqual([expect.objectContaining({ pointer, code, hint: expect.any(String) })]);
    expect(faults({ multi: { strategy: 'first' }, ...config }, 'auto')).toHaveLength(1);
  });

  it('tells everything at once', () => {
    expect(faults({ multi: { strategy: 'best' } }, 'auto')).toHaveLength(2);
  });
});
