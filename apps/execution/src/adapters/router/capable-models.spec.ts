import type { ModelCapabilities, ModelRequirements, ModelV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { capableModels } from './capable-models';

const model = (name: string, capabilities: Partial<ModelCapabilities>): ModelV1 =>
  ({ name, capabilities: { grammar: false, jsonSchema: false, ...capabilities } }) as ModelV1;
const MODELS = [
  model('plain', {}),
  model('strict', { jsonSchema: true, contextTokens: 8_000 }),
  model('seeing', { jsonSchema: true, images: true, contextTokens: 128_000 }),
];
const find = (requires?: ModelRequirements): string[] =>
  capableModels({ name: 'look', config: requires === undefined ? {} : { router: { requires } } }, MODELS).map(
    ({ name }) => name,
  );

describe('capableModels', () => {
  it.each<[ModelRequirements | undefined, string[]]>([
    [undefined, ['plain', 'strict', 'seeing']],
    [{ images: false }, ['plain', 'strict', 'seeing']],
    [{ jsonSchema: true }, ['strict', 'seeing']],
    [{ jsonSchema: true, contextTokens: 8_000 }, ['strict', 'seeing']],
    [{ contextTokens: 8_001 }, ['seeing']],
    [{ images: true }, ['seeing']],
  ])('for %j are those that say so', (requires, names) => expect(find(requires)).toEqual(names));

  it('says what each lacks where there is none', () => {
    const refused = (): unknown => find({ grammar: true, images: true, contextTokens: 9_000 });
    expect(refused).toThrow(ValidationFailedError);
    expect(refused).toThrow(
      '"plain" does not say grammar, images, contextTokens 9000; "strict" does not say grammar, images, contextTokens ' +
        '9000; "seeing" does not say grammar. Name one that does',
    );
  });
});
