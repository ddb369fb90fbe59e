import { checkSignature, fieldNamePattern, isSignatureName, signatureNamePattern, toPascalCase } from './index';
import { writeDuplicateNameMessage, writeInvalidNameMessage, writeReservedNameMessage } from './name';

const messages = (text: string): string[] => checkSignature(text).errors.map((error) => error.message);

describe('toPascalCase', () => {
  it.each([
    ['route-ticket', 'RouteTicket'],
    ['qa', 'Qa'],
    ['a--b2-c', 'AB2C'],
  ])('%s becomes %s, a name of a signature', (program, name) => {
    expect(toPascalCase(program)).toBe(name);
    expect(isSignatureName(name)).toBe(true);
  });
});

describe('the name of a signature', () => {
  it.each(['qa', '', 'Q_a', '1Q', 'Qä', `Q${'a'.repeat(63)}`, 'Qa\n'])('is not %j', (name) => {
    expect(isSignatureName(name)).toBe(false);
    expect(signatureNamePattern.test(name)).toBe(false);
  });
});

describe('the name of a field', () => {
  it.each(['a', 'Question', 'a_1', 'copy', 'schema', 'json', 'string', 'match', 'a'.repeat(64)])(
    'may be %s',
    (name) => {
      expect(messages(`${name} -> answer`)).toEqual([]);
      expect(fieldNamePattern.test(name)).toBe(true);
    },
  );

  it.each(['_a', '1a', 'a.b', 'a-b', 'naïve', '*', '*a', '/'])('may not be %s', (name) => {
    expect(messages(`${name} -> answer`)).toEqual([writeInvalidNameMessage(name)]);
    expect(fieldNamePattern.test(name)).toBe(false);
  });

  it.each(['class', 'None', 'model_config', 'model_dump', 'signature', 'fields', '__proto__', 'constructor'])(
    'may not be %s, on either side or in an object',
    (name) => {
      for (const text of [`${name} -> answer`, `question -> ${name}`, `question -> answer: object{ ${name} }`]) {
        expect(messages(text)).toEqual([writeReservedNameMessage(name)]);
      }
    },
  );

  it.each(['config', 'demos', 'lm'])('may be %s of an output, not of an input', (name) => {
    expect(messages(`question -> ${name}`)).toEqual([]);
    expect(messages(`${name} -> answer`)).toEqual([writeReservedNameMessage(name)]);
  });

  it('is used once in a signature, and once in an object', () => {
    expect(messages('a, a -> b')).toEqual([writeDuplicateNameMessage('a')]);
    expect(messages('a -> b, a')).toEqual([writeDuplicateNameMessage('a')]);
    expect(messages('a -> b: object{ a, b, a }')).toEqual([writeDuplicateNameMessage('a')]);
    expect(messages('a -> A')).toEqual([]);
  });
});
