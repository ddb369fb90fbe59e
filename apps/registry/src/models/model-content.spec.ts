import { ValidationFailedError } from '@dspy-nest/platform';
import { changedModelContent, newModelContent, sameModelContent } from './model-content';

const REQUEST = { model: 'gpt', baseUrl: 'https://models.example/v1' };

describe('newModelContent', () => {
  it('assumes plain chat of unknown price', () => {
    expect(newModelContent(REQUEST)).toEqual({
      ...REQUEST,
      apiKey: null,
      format: 'chat',
      pricing: null,
      capabilities: { grammar: false, jsonSchema: false },
    });
  });

  it('takes "auto" for the usual form, since it is the model that says what "auto" means', () => {
    expect(newModelContent({ ...REQUEST, format: 'auto' }).format).toBe('chat');
  });

  it('fills up capabilities', () => {
    const content = newModelContent({ ...REQUEST, capabilities: { jsonSchema: true } });
    expect(content.capabilities).toEqual({ grammar: false, jsonSchema: true });
  });

  it.each([
    ['ftp://models.example/v1', /http:\/\/ or https:\/\//],
    ['https://user@models.example/v1', /"apiKey"/],
    ['https://:secret@models.example/v1', /"apiKey"/],
  ])('refuses %s without repeating it', (baseUrl, message) => {
    const create = (): unknown => newModelContent({ ...REQUEST, baseUrl });
    expect(create).toThrow(ValidationFailedError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/secret/);
  });
});

describe('changedModelContent', () => {
  const current = newModelContent({
    ...REQUEST,
    apiKey: 'sk-1',
    pricing: { inputPerMillionUsd: 1, outputPerMillionUsd: null },
    capabilities: { grammar: true },
  });

  it('keeps what is not named, the key too', () => {
    expect(changedModelContent({ model: 'gpt-2' }, current)).toEqual({ ...current, model: 'gpt-2' });
  });

  it('takes key and prices away on null', () => {
    expect(changedModelContent({ apiKey: null, pricing: null }, current)).toMatchObject({
      apiKey: null,
      pricing: null,
    });
  });

  it('is the same when nothing changes, and another with another key', () => {
    expect(sameModelContent(changedModelContent({ apiKey: 'sk-1', model: 'gpt' }, current), current)).toBe(true);
    expect(sameModelContent(changedModelContent({ apiKey: 'sk-2' }, current), current)).toBe(false);
  });
});
