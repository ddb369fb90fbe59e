import type { DatasetV1, ExampleV1 } from '@dspy-nest/contracts';
import { signatureSpec } from '@dspy-nest/testing';
import { countFitting, fittingExample } from './dataset-fit';

const EVALUATED = {
  signature: signatureSpec('ticket: string, urgency: int, note: string? -> team: string'),
  definition: { kind: 'exact', field: 'team' },
};
const DATASET = {
  name: 'tickets',
  version: 3,
  fields: { inputs: ['ticket', 'urgency'], outputs: ['team'] },
  examples: { total: 5, train: 3, validation: 2, test: 0 },
} as DatasetV1;
const fields = (inputs: string[], outputs: string[]): DatasetV1 => ({ ...DATASET, fields: { inputs, outputs } });

describe('a dataset that a program is evaluated on', () => {
  it('has examples in the split asked for, or in all', () => {
    expect(countFitting(DATASET, 'train', EVALUATED)).toBe(3);
    expect(countFitting(DATASET, undefined, EVALUATED)).toBe(5);
  });

  it.each([
    [DATASET, 'There is no example of the split "test" in version 3 of dataset "tickets".'],
    [{ ...DATASET, examples: { ...DATASET.examples, test: 100_001 } }, 'There are 100001 examples of the split "test"'],
    [fields(['ticket'], ['team']), 'Dataset "tickets" has no input "urgency", which the program needs.'],
    [fields(['ticket', 'urgency', 'age'], ['team']), 'has the input "age", which the program does not take.'],
    [fields(['ticket', 'urgency'], ['why']), 'has no output "team", which the metric compares with.'],
  ])('is refused otherwise (%#)', (dataset, message) => {
    expect(() => countFitting(dataset, 'test', EVALUATED)).toThrow(message);
  });

  it('gives examples in the types of the program, under their own name', () => {
    const example = { id: 'a1', number: 7, inputs: { ticket: 'x', urgency: '3' }, outputs: {} } as unknown as ExampleV1;
    const read = { id: 'a1', inputs: { ticket: 'x', urgency: 3 }, expected: {} };
    expect(fittingExample(EVALUATED.signature, example)).toEqual(read);
    const wrong = { ...example, inputs: { ticket: 'x', urgency: 'very' } };
    expect(() => fittingExample(EVALUATED.signature, wrong)).toThrow('Example 7 has a "urgency" that is no int.');
  });
});
