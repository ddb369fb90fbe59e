import { createHash } from 'node:crypto';
import { DATASET_SPLITS_DEFAULT } from '@dspy-nest/contracts';
import { canonicalJson, parseSignature } from '@dspy-nest/signature';
import { addToHash, EMPTY_HASH, readExample, splitOf, type ExampleContent } from './example-content';
import { readRows } from './example-intake';

const signature = {
  ...parseSignature('ticket: string, count: int(min=1) -> team: enum["billing", "shipping"]', { name: 'RouteTicket' }),
  version: 1,
};
const dataset = { signature, splits: DATASET_SPLITS_DEFAULT };
const example = (ticket: string, team?: string): ExampleContent => {
  const outputs = team === undefined ? {} : { team };
  const read = readExample(dataset, { inputs: { ticket, count: 1 }, outputs });
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return read;
};

describe('readExample', () => {
  it('gives values the types of the signature, as a file of texts needs it', () => {
    const read = readExample(dataset, { inputs: { ticket: 'a', count: '2' }, outputs: { team: 'Billing' } });
    expect(read).toMatchObject({ inputs: { ticket: 'a', count: 2 }, outputs: { team: 'billing' } });
  });

  it('names each value that is wrong', () => {
    const given = { inputs: { count: 0, 'a/b': 1 }, outputs: { team: 'sales' } };
    expect(readExample(dataset, given)).toEqual([
      expect.objectContaining({ pointer: '/inputs/a~1b', code: 'unknown_field' }),
      expect.objectContaining({ pointer: '/inputs/ticket', code: 'missing_field' }),
      expect.objectContaining({ pointer: '/inputs/count', code: 'invalid_value', value: '0' }),
      expect.objectContaining({ pointer: '/outputs/team', code: 'invalid_value', value: '"sales"' }),
    ]);
  });

  it.each(['a\0b', '\ud800'])('refuses text that cannot be kept', (ticket) => {
    const errors = readExample(dataset, { inputs: { ticket, count: 1 } });
    expect(errors).toEqual([expect.objectContaining({ pointer: '/inputs/ticket' })]);
  });

  it('knows an example by the SHA-256 of the RFC 8785 form of inputs and outputs', () => {
    const content = canonicalJson({ outputs: { team: 'billing' }, inputs: { ticket: 'ä', count: 1 } });
    expect(example('ä', 'billing').hash).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('knows an example by what it holds, in whatever order', () => {
    const turned = readExample(dataset, { inputs: { count: 1, ticket: 'a' }, outputs: { team: 'billing' } });
    expect(turned).toMatchObject({ hash: example('a', 'billing').hash });
    expect(example('a', 'shipping').hash).not.toBe(example('a', 'billing').hash);
  });
});

describe('splitOf', () => {
  it('keeps equal inputs together, whatever the outputs', () => {
    for (let index = 0; index < 50; index += 1) {
      expect(example(`t${index}`, 'billing').split).toBe(example(`t${index}`, 'shipping').split);
    }
  });

  it('divides as asked, by another seed otherwise', () => {
    const drawn = (seed: number) =>
      Array.from({ length: 4_000 }, (_, index) => splitOf(`${index}`, { seed, validation: 0.3, test: 0.1 }));
    const share = (split: string) => drawn(1).filter((one) => one === split).length / 4_000;
    expect(share('test')).toBeCloseTo(0.1, 1);
    expect(share('validation')).toBeCloseTo(0.3, 1);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});

describe('addToHash', () => {
  it('says what a version holds and not how it came together', () => {
    const [a, b] = [example('a'), example('b')];
    expect(addToHash(addToHash(EMPTY_HASH, [a]), [b])).toBe(addToHash(EMPTY_HASH, [b, a]));
    expect(addToHash(EMPTY_HASH, [a])).not.toBe(addToHash(EMPTY_HASH, [b]));
    expect(addToHash(EMPTY_HASH, [{ ...a, split: 'train' }])).not.toBe(
      addToHash(EMPTY_HASH, [{ ...a, split: 'test' }]),
    );
    expect(addToHash(EMPTY_HASH, Array<ExampleContent>(300).fill(a))).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('readRows', () => {
  it('tells examples, duplicates and what is wrong apart', () => {
    const inputs = { ticket: 'a', count: 1 };
    const error = { code: 'malformed_request', message: 'No JSON.', retryable: false, details: {} };
    const intake = readRows(dataset, [{ inputs }, { inputs }, { error, line: 7 }, { inputs: {}, line: 8 }]);
    expect(intake).toMatchObject({ examples: [{ inputs }], duplicates: 1, invalid: 2 });
    expect(intake.errors.map(({ row, line, pointer }) => [row, line, pointer])).toEqual([
      [2, 7, ''],
      [3, 8, '/inputs/ticket'],
      [3, 8, '/inputs/count'],
    ]);
  });

  it('tells no more errors than fit', () => {
    const rows = Array.from({ length: 300 }, () => ({ inputs: {} }));
    const { errors, invalid } = readRows(dataset, rows);
    expect({ errors: errors.length, invalid }).toEqual({ errors: 100, invalid: 300 });
  });
});
