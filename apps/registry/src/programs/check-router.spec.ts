import type { ModelCapabilities, ProgramConfig, ProgramVersionV1 } from '@dspy-nest/contracts';
import { checkRouter } from './check-router';

const model = (name: string, capabilities: Partial<ModelCapabilities> = {}) => ({
  name,
  capabilities: { grammar: false, jsonSchema: false, ...capabilities },
});
const check =
  (adapter: ProgramVersionV1['adapter'], config: ProgramConfig) =>
  (...models: ReturnType<typeof model>[]): void =>
    checkRouter({ adapter, config }, models);

describe('checkRouter', () => {
  const config: ProgramConfig = { models: ['small', 'seeing'], router: { requires: { images: true } } };

  it('lets a program be of whose models one can do what it requires, and any that is not routed', () => {
    expect(() => check('router', config)(model('small'), model('seeing', { images: true }))).not.toThrow();
    expect(() => check('router', { models: ['small'] })(model('small'))).not.toThrow();
    expect(() => check('auto', config)(model('small'), model('seeing'))).not.toThrow();
  });

  it('refuses one of whose models none can, whatever its own model can', () => {
    const refused = (): void =>
      check('router', config)(model('small'), model('seeing'), model('own', { images: true }));
    expect(refused).toThrow(
      'meets "config.router.requires": "small" does not say images; "seeing" does not say images.',
    );
  });
});
