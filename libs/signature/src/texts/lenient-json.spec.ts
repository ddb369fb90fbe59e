import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { readLenient } from './lenient-json';

const rows = readFileSync(resolve(__dirname, '../../fixtures/mended-json.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; value?: unknown });

describe('readLenient', () => {
  it.each(rows)('mends what is clear and refuses a guess: $text', ({ text, value }) => {
    expect(readLenient(text)?.value).toEqual(value);
  });

  it('reads JSON as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        expect(readLenient(text)).toEqual({ value: JSON.parse(text) as unknown, end: text.length });
      }),
      { endOnFailure: true },
    );
  });

  it.each(['"', '" ', '"a', "'", '\\', '\\"', '[', '{', '{"a":', 'a ', ' ', ',', '"a",', '“', '{"a":"', '{a'])(
    'takes time linear in a hostile text of %s',
    (piece) => {
      const started = process.cpuUsage();
      readLenient(`{"a": "${piece.repeat(200_000 / piece.length)}" "`);
      expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
    },
  );
});
