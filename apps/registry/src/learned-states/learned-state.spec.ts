import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ProgramVersionV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { checkStillFits, readLearnedState, StateTooLargeError } from './learned-state';

/** What plain DSPy saves; the tests of the worker hold it to that. */
const SAVED = join(__dirname, '../../../../libs/contracts/fixtures/program-states');
const savedBy = (module: string): JsonObject =>
  JSON.parse(readFileSync(join(SAVED, `${module}.json`), 'utf8')) as JsonObject;
const modules = readdirSync(SAVED).map((file) => file.replace('.json', '') as ProgramVersionV1['module']);
const signature = parseSignature('question -> answer', { name: 'Ask' });
const predict = { signature, module: 'Predict', config: {} } as const;

/** What a state is refused for, each with its place. */
function refusalsOf(state: object, version: Parameters<typeof readLearnedState>[1] = predict): string[] {
  try {
    readLearnedState(state as JsonObject, version);
    return [];
  } catch (error) {
    if (!(error instanceof ValidationFailedError)) throw error;
    return error.details.errors!.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('a learned state', () => {
  it.each(modules)('of %s is kept as DSPy saved it', (module) => {
    const saved = savedBy(module);
    expect(readLearnedState(saved, { signature, module, config: {} })).toEqual({ state: saved, notes: [] });
  });

  it('of a comparison fits only as many attempts as it was learned with', () => {
    const compared = { signature, module: 'MultiChainComparison', config: { attempts: 4 } } as const;
    expect(refusalsOf(savedBy('MultiChainComparison'), compared)).toEqual([
      '/compare.predict/signature/fields field_count',
    ]);
  });

  it('has a reasoning where ChainOfThought puts it, also when it is declared', () => {
    const declared = parseSignature('question -> answer, reasoning: reasoning', { name: 'Ask' });
    const saved = savedBy('ChainOfThought');
    expect(refusalsOf(saved, { signature: declared, module: 'ChainOfThought', config: {} })).toEqual([]);
  });

  it('keeps of a model what samples, and says what else it had', () => {
    const harmless = { model: 'openai/gpt', model_type: 'chat', temperature: 0.2, stop: ['\n'], max_tokens: null };
    const secret = {
      api_key: 'sk-1',
      base_url: 'http://a',
      api_base: 'http://b',
      headers: { authorization: 'x' },
      extra_headers: {},
      model_list: [],
      _dspy_lm_class: 'os.system',
      engine: { class: 'x' },
      constructor: 'x',
      temperature_: 1,
    };
    const given = { ...savedBy('Predict'), lm: { ...harmless, ...secret, train_kwargs: { api_key: 'sk-2' } } };
    const { state, notes } = readLearnedState(given as JsonObject, predict);
    expect(state).toMatchObject({ lm: { ...harmless, train_kwargs: {} } });
    expect(JSON.stringify(state)).not.toMatch(/sk-|http:|authorization/);
    expect(notes.map(({ pointer }) => pointer)).toEqual(
      [...Object.keys(secret), 'train_kwargs'].map((name) => `/lm/${name}`),
    );
    expect(notes[0]).toMatchObject({ code: 'not_kept', message: expect.stringContaining('"api_key"') as string });
  });

  it('has no model without a name of it', () => {
    const { state, notes } = readLearnedState({ ...savedBy('Predict'), lm: { temperature: 1 } }, predict);
    expect(state['lm']).toBeNull();
    expect(notes).toMatchObject([{ pointer: '/lm' }]);
  });

  it('takes metadata and a version, and keeps of them what DSPy can load', () => {
    const metadata = { dependency_versions: { dspy: '3.4.1', numpy: '2' }, other: 1 };
    const { state, notes } = readLearnedState({ ...savedBy('Predict'), metadata, version: 3 }, predict);
    expect(state['metadata']).toEqual({ dependency_versions: { dspy: '3.4.1' } });
    expect(notes).toMatchObject([{ pointer: '/version' }]);
    const { metadata: _, ...bare } = savedBy('Predict');
    expect(readLearnedState(bare, predict).state['metadata']).toEqual({ dependency_versions: {} });
  });

  it('may leave out what DSPy can do without', () => {
    const { traces: _, train: __, lm: ___, ...short } = savedBy('Predict');
    expect(readLearnedState(short, predict).state).toEqual(savedBy('Predict'));
  });

  it.each([
    [
      'another module',
      savedBy('ChainOfThought'),
      ['/demos invalid_type', '/signature invalid_type', '/predict unknown_member'],
    ],
    ['an attribute', { ...savedBy('Predict'), forward: 1 }, ['/forward unknown_member']],
    [
      'a demo with a strange field',
      { ...savedBy('Predict'), demos: [{ question: 'a', 'x/y': 1 }] },
      ['/demos/0/x~1y unknown_field'],
    ],
    ['a demo of nothing', { ...savedBy('Predict'), demos: [{ augmented: true }] }, ['/demos/0 empty_demo']],
    ['demos that are none', { ...savedBy('Predict'), demos: [1] }, ['/demos/0 invalid_type']],
    [
      'half a character',
      { ...savedBy('Predict'), demos: [{ question: '\ud800' }] },
      ['/demos/0/question invalid_text'],
    ],
    [
      'the signature of another program',
      { ...savedBy('Predict'), signature: { instructions: '', fields: [] } },
      ['/signature/fields field_count'],
    ],
  ])('is refused with %s, which is named', (_, state, refusals) => {
    expect(refusalsOf(state)).toEqual(refusals);
  });

  it('is refused with predictors that are missing or too many', () => {
    const version = { signature, module: 'ChainOfThought', config: {} } as const;
    expect(refusalsOf({ other: {}, 'a/b': {} }, version)).toEqual([
      '/predict missing_predictor',
      '/other unknown_predictor',
      '/a~1b unknown_predictor',
    ]);
    expect(refusalsOf(JSON.parse('{"__proto__": {}, "constructor": {}}') as object, version)).toHaveLength(3);
  });

  it('is refused when it is too large or too deep', () => {
    const long = { ...savedBy('Predict'), demos: [{ question: 'x'.repeat(1_048_577) }] };
    expect(() => readLearnedState(long, predict)).toThrow(StateTooLargeError);
    let deep: object = {};
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(refusalsOf({ ...savedBy('Predict'), train: [deep] })[0]).toMatch(/^\/train\/0(\/deep)+ json_too_deep$/);
  });

  it('has to fit what the program becomes', () => {
    const other = parseSignature('question, context -> answer', { name: 'Ask' });
    expect(() => checkStillFits(savedBy('Predict'), predict)).not.toThrow();
    expect(() => checkStillFits(savedBy('Predict'), { ...predict, signature: other })).toThrow(/"state": null/);
  });
});
