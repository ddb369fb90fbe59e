import ts from 'typescript';
import { readJson } from './json-definitions';

const read = (text: string) => readJson(ts, 'body.json', text).definitions;
const texts = (text: string): string[] => read(text).map((definition) => definition.text);

describe('definitions in JSON', () => {
  it('are the members signature and definition of the whole, also without an arrow', () => {
    expect(texts('{"name": "qa", "signature": "question?"}')).toEqual(['question?']);
    expect(texts('{"definition": "a -> b", "signature": "c, d -> e"}')).toEqual(['a -> b', 'c, d -> e']);
  });

  it('are those of every element of an array', () => {
    expect(texts('[{"signature": "a b"}, {"definition": "c -> d"}]')).toEqual(['a b', 'c -> d']);
  });

  it('are deeper down only those with an arrow', () => {
    const file =
      '{"programs": [{"signature": "a => b"}, {"signature": "MEUCIQDx+w=="}, {"definition": "a feeling: joy"}]}';
    expect(texts(file)).toEqual(['a => b']);
  });

  it.each([
    ['the name of a signature', '{"signature": "RouteTicket"}'],
    ['what is no text', '{"signature": 1, "definition": {"a": "b"}}'],
    ['other members', '{"signatures": "a -> b", "text": "a -> b"}'],
    ['no object', '"a -> b"'],
    ['nothing', ''],
  ])('are not %s', (_, file) => {
    expect(texts(file)).toEqual([]);
  });

  it('have the place of what stands between the quotes, escapes and all', () => {
    const file = String.raw`{ "signature": "a -> b: enum[\"x\", \"y\"]" }`;
    const [definition] = read(file);
    expect(definition?.text).toBe('a -> b: enum["x", "y"]');
    expect(definition?.stretches[0]?.offset).toBe(file.indexOf('a -> b'));
  });

  it('have the name and the instructions that stand beside them', () => {
    const file = '{"name": "read-mood", "signature": "a -> b", "instructions": "Be brief."}';
    expect(read(file)[0]?.options).toEqual({ name: 'ReadMood', instructions: 'Be brief.' });
    expect(read('{"name": "9", "signature": "a -> b"}')[0]?.options).toEqual({});
  });
});

describe('a file of JSON', () => {
  it('may have comments and trailing commas', () => {
    expect(readJson(ts, 'tsconfig.json', '// why\n{ "signature": "a -> b", }')).not.toHaveProperty('problem');
  });

  it.each(["{'definition': 'a -> b'}", '{definition: "a -> b"}', '{"definition": x}', '{"definition": "a -> b"'])(
    'is not %s',
    (text) => {
      expect(readJson(ts, 'body.json', text)).toMatchObject({ definitions: [], problem: { code: 'invalid_json' } });
    },
  );

  it('that is none is told with the place', () => {
    expect(readJson(ts, 'body.json', '{"signature": }')).toEqual({
      definitions: [],
      problem: {
        code: 'invalid_json',
        message: 'This is not JSON: Expression expected.',
        hint: 'Mend the file, or name the files to check.',
        offset: 14,
      },
    });
  });
});
