import { acceptedRow } from '../../../test/accepted-row';
import type { ExecutionEntity } from '../../executions/execution.entity';
import { foundModels } from './found-models';

const models = ['a', 'b', 'c'].map((name) => ({ id: `id-${name}`, version: 1, name, format: 'chat' as const }));
const chain = { strategy: 'chain' as const, fields: [], models };
const row = acceptedRow({ adapter: 'router', ensemble: chain, model: 'a', modelId: 'id-a', modelVersion: 1, lmMs: 7 });
const ids = (change: Partial<ExecutionEntity>): unknown[] => {
  const ended = { ...row, status: 'failed', totalMs: 9, finishedAt: row.createdAt, ...change } as ExecutionEntity;
  const { away, answered, tookMs } = foundModels(ended);
  return [away.map(({ modelId }) => modelId), answered?.modelId, tookMs];
};
const error = (code: string, told?: [string, string][]): ExecutionEntity['error'] => ({
  code,
  message: 'No.',
  retryable: true,
  details: told === undefined ? {} : { models: told.map(([model, each]) => ({ model, code: each })) },
});

describe('foundModels', () => {
  it('knows that a chain went past those that were away', () => {
    expect(ids({ status: 'succeeded' })).toEqual([[], 'id-a', 7]);
    expect(ids({ status: 'succeeded', model: 'c', modelId: 'id-c' })).toEqual([['id-a', 'id-b'], 'id-c', undefined]);
  });

  it('knows which of them failed how', () => {
    const away = 'model_unavailable';
    const all = error(away, [
      ['a', away],
      ['b', away],
      ['c', away],
    ]);
    expect(ids({ error: all })).toEqual([['id-a', 'id-b', 'id-c'], undefined, undefined]);
    expect(
      ids({
        error: error(away, [
          ['a', away],
          ['b', 'model_error'],
        ]),
      }),
    ).toEqual([['id-a'], undefined, undefined]);
    expect(ids({ error: error('output_invalid') })).toEqual([[], undefined, undefined]);
  });

  it('knows one model alone', () => {
    expect(ids({ ensemble: null, error: error('model_unavailable') })).toEqual([['id-a'], undefined, undefined]);
    expect(ids({ ensemble: null, status: 'succeeded', lmMs: null })).toEqual([[], 'id-a', undefined]);
    expect(ids({ ensemble: null, status: 'timed_out', error: error('timed_out') })).toEqual([[], undefined, undefined]);
  });
});
