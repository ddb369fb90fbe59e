import { createHash } from 'node:crypto';
import { ValidationFailedError } from '@dspy-nest/platform';
import { namedModels, programContent, programHash, sameProgramContent } from './program-content';

const SIGNATURE_HASH = 'a'.repeat(64);

describe('programContent', () => {
  it('starts from Predict on the default model', () => {
    expect(programContent({})).toEqual({
      description: null,
      module: 'Predict',
      model: null,
      adapter: 'auto',
      format: 'auto',
      config: {},
      state: null,
    });
  });

  it('keeps what a change does not name', () => {
    const current = programContent({ module: 'ChainOfThought', model: 'big', config: { temperature: 0.5 } });
    expect(programContent({ format: 'json' }, current)).toEqual({ ...current, format: 'json' });
  });

  it('goes back to the default model on null', () => {
    expect(programContent({ model: null }, programContent({ model: 'big' })).model).toBeNull();
  });

  it('replaces config as a whole', () => {
    const current = programContent({ config: { temperature: 0.5, maxTokens: 10 } });
    expect(programContent({ config: { topP: 1 } }, current).config).toEqual({ topP: 1 });
  });
});

describe('a routed program', () => {
  it('needs models to choose from', () => {
    const routed = { adapter: 'router' as const, config: { models: ['small', 'big'] } };
    expect(programContent(routed)).toMatchObject(routed);
    expect(() => programContent({ adapter: 'router' })).toThrow('name them in "config.models"');
    expect(() => programContent({ config: {} }, programContent(routed))).toThrow(ValidationFailedError);
  });

  it('names each of its models once, in one order so that no two requests wait for each other', () => {
    expect(namedModels({ model: 'b', config: { models: ['c', 'b', 'a'] } })).toEqual(['a', 'b', 'c']);
    expect(namedModels({ model: null, config: {} })).toEqual([]);
  });
});

describe('programHash', () => {
  const content = programContent({ config: { temperature: 0, maxTokens: 5 } });

  it('does not depend on the order of members', () => {
    const reordered = programContent({ config: { maxTokens: 5, temperature: 0 } });
    expect(programHash(SIGNATURE_HASH, reordered)).toBe(programHash(SIGNATURE_HASH, content));
  });

  it('stays when only what a job carries changes', () => {
    const changed = programContent({ model: 'big', format: 'json', description: 'Better.' }, content);
    expect(programHash(SIGNATURE_HASH, changed)).toBe(programHash(SIGNATURE_HASH, content));
  });

  it('stays when only clocks, retries, concurrency or recording change', () => {
    const limits = { idleMs: 5 };
    const settings = {
      timeoutMs: 1,
      limits,
      maxRetries: 0,
      maxConcurrency: 2,
      record: 'none' as const,
      validation: {},
    };
    const changed = programContent({ config: { ...content.config, ...settings } }, content);
    expect(programHash(SIGNATURE_HASH, changed)).toBe(programHash(SIGNATURE_HASH, content));
  });

  it('is that of the settings which are there', () => {
    const form = `{"config":{"maxTokens":5,"temperature":0},"module":"Predict","signature":"${SIGNATURE_HASH}","state":null}`;
    expect(programHash(SIGNATURE_HASH, content)).toBe(createHash('sha256').update(form).digest('hex'));
  });

  it.each([
    ['module', programContent({ module: 'ChainOfThought' }, content)],
    ['config', programContent({ config: { temperature: 1 } }, content)],
    ['attempts', programContent({ config: { ...content.config, attempts: 5 } }, content)],
    ['reward', programContent({ config: { ...content.config, reward: { field: 'score' } } }, content)],
    ['tools', programContent({ config: { ...content.config, tools: ['weather'] } }, content)],
    ['maxIters', programContent({ config: { ...content.config, maxIters: 2 } }, content)],
    ['threshold', programContent({ config: { ...content.config, threshold: 1 } }, content)],
    ['state', { ...content, state: { demos: [] } }],
  ])('changes with %s', (_, changed) => {
    expect(programHash(SIGNATURE_HASH, changed)).not.toBe(programHash(SIGNATURE_HASH, content));
  });

  it('changes with the signature', () => {
    expect(programHash('b'.repeat(64), content)).not.toBe(programHash(SIGNATURE_HASH, content));
  });
});

describe('sameProgramContent', () => {
  const content = programContent({ config: { temperature: 0, maxTokens: 5 } });

  it('sees through the order of members and through other columns of a row', () => {
    const row = { ...programContent({ config: { maxTokens: 5, temperature: 0 } }), version: 7 };
    expect(sameProgramContent(content, row)).toBe(true);
  });

  it.each([
    { description: 'New.' },
    { model: 'big' },
    { format: 'json' as const },
    { config: {} },
    { config: { temperature: 0, maxTokens: 5, limits: { idleMs: 1 } } },
  ])('sees %j', (change) => {
    expect(sameProgramContent(content, programContent(change, content))).toBe(false);
  });
});
