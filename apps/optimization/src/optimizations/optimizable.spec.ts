import type { DatasetV1 } from '@dspy-nest/contracts';
import { signatureSpec } from '@dspy-nest/testing';
import { refuseUnoptimizable } from './optimizable';

const signature = signatureSpec('ticket: string, hint: string? -> team: string');
const evaluated = { signature, definition: { kind: 'exact', field: 'team' } };
const dataset = {
  name: 'tickets',
  version: 2,
  fields: { inputs: ['ticket'], outputs: ['team'] },
  examples: { total: 30, train: 10, validation: 10, test: 10 },
} as DatasetV1;

describe('refuseUnoptimizable', () => {
  it('takes a dataset with the inputs of the program and all splits', () => {
    expect(() => refuseUnoptimizable(dataset, evaluated)).not.toThrow();
  });

  it.each([
    [{ fields: { inputs: ['text'], outputs: ['team'] } }, /no input "ticket"/],
    [{ examples: { total: 20, train: 10, validation: 10, test: 0 } }, /no example of the split "test"/],
    [{ examples: { total: 20_003, train: 20_001, validation: 1, test: 1 } }, /20001 examples in train/],
  ])('refuses a dataset with %j', (change, message) => {
    expect(() => refuseUnoptimizable({ ...dataset, ...change }, evaluated)).toThrow(message);
  });

  it('refuses a metric of what an answer took', () => {
    const definition = { kind: 'composite', parts: [{ weight: 1, metric: { kind: 'cost', limitUsd: 1 } }] };
    expect(() => refuseUnoptimizable(dataset, { signature, definition })).toThrow(/cannot improve cost/);
  });
});
