import type { ProgramConfig } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { checkModuleSettings } from './module-settings';
import type { ModuleOfProgram } from './module-type';

const scored = 'question -> answer, score: int(min=0), sure: bool, maybe: optional[float]';

/** The pointer and code of each refusal. */
function refusalsOf(module: ModuleOfProgram['module'], config: ProgramConfig, definition = scored): string[] {
  try {
    checkModuleSettings({ module, config, signature: parseSignature(definition, { name: 'Ask' }) });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationFailedError)) throw error;
    return error.details.errors!.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('the settings of a module', () => {
  it.each<[ModuleOfProgram['module'], ProgramConfig]>([
    ['Majority', {}],
    ['Majority', { attempts: 5 }],
    ['Majority', { attempts: 2, temperature: 0.2 }],
    ['MultiChainComparison', { attempts: 2, temperature: 0.2 }],
    ['BestOfN', { reward: { field: 'score' } }],
    ['BestOfN', { reward: { field: 'sure' }, attempts: 4, threshold: 1 }],
    ['Refine', { reward: { field: 'score' }, attempts: 4, threshold: 1 }],
    ['ReAct', { tools: ['weather'], maxIters: 3, temperature: 0 }],
  ])('suit %s: %j', (module, config) => {
    expect(refusalsOf(module, config)).toEqual([]);
  });

  it.each([
    ['Majority', {}],
    ['MultiChainComparison', {}],
    ['BestOfN', { reward: { field: 'score' } }],
    ['Refine', { reward: { field: 'score' } }],
  ] as const)('of %s would make all answers equal', (module, config) => {
    expect(refusalsOf(module, { ...config, temperature: 0.15 })).toEqual(['/config/temperature temperature_too_low']);
  });

  it.each(['Predict', 'ChainOfThought'] as const)(
    'that compare answers are refused to %s, which asks once',
    (module) => {
      expect(refusalsOf(module, { attempts: 2, reward: { field: 'score' }, threshold: 1 })).toEqual([
        '/config/attempts setting_not_of_module',
        '/config/reward setting_not_of_module',
        '/config/threshold setting_not_of_module',
      ]);
    },
  );

  it('have tools when some are to be called', () => {
    expect(refusalsOf('ReAct', {})).toEqual(['/config/tools tools_missing']);
    expect(refusalsOf('Predict', { tools: ['weather'], maxIters: 2 })).toEqual([
      '/config/tools setting_not_of_module',
      '/config/maxIters setting_not_of_module',
    ]);
  });

  it('have a reward when the best is wanted', () => {
    expect(refusalsOf('BestOfN', {})).toEqual(['/config/reward reward_missing']);
  });

  it.each(['answer', 'maybe', 'question', 'nothing'])('have no reward in "%s"', (field) => {
    expect(refusalsOf('BestOfN', { reward: { field } })).toEqual(['/config/reward/field no_reward']);
  });

  it.each<[ModuleOfProgram['module'], ProgramConfig, string]>([
    ['MultiChainComparison', {}, 'question, reasoning_attempt_2 -> answer'],
    ['MultiChainComparison', {}, 'question -> answer, rationale'],
    ['Refine', { reward: { field: 'score' } }, 'question, hint_ -> score: int'],
    ['ReAct', { tools: ['weather'] }, 'question, max_iters: int -> answer'],
    ['ReAct', { tools: ['weather'] }, 'question -> trajectory'],
  ])('leave its own fields to %s: %j, %s', (module, config, definition) => {
    expect(refusalsOf(module, config, definition)).toEqual(['/signature field_name_taken']);
  });
});
