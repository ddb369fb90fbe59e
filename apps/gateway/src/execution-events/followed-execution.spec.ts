import type { ExecutionV1 } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { FollowedExecution } from './followed-execution';

const RUNNING: ExecutionV1 = { ...EXECUTION_EXAMPLE, status: 'running', outputs: null };

/** An execution that goes through states, one each time it is read. */
function follow(states: (ExecutionV1 | Error)[], after = 0): { followed: FollowedExecution; ends: () => number } {
  let ends = 0;
  const read = (): Promise<ExecutionV1> => {
    const state = states.length > 1 ? states.shift()! : states[0]!;
    return state instanceof Error ? Promise.reject(state) : Promise.resolve(state);
  };
  return { followed: new FollowedExecution(read, after, () => (ends += 1)), ends: () => ends };
}

async function typesOf(followed: FollowedExecution): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of followed) types.push(type);
  return types;
}

describe('FollowedExecution', () => {
  it('gives what has happened, then what happens, then ends', async () => {
    const { followed, ends } = follow([RUNNING, EXECUTION_EXAMPLE]);
    await followed.look();
    const types = typesOf(followed);
    followed.moved();
    expect(await types).toEqual(['queued', 'started', 'outputs', 'succeeded']);
    expect(ends()).toBe(1);
  });

  it('begins after an event, and is over when there is nothing more', async () => {
    const { followed } = follow([EXECUTION_EXAMPLE], 3);
    await followed.look();
    expect(followed.isOver).toBe(false);
    expect(await typesOf(followed)).toEqual(['succeeded']);
    const { followed: over } = follow([EXECUTION_EXAMPLE], 4);
    await over.look();
    expect(over.isOver).toBe(true);
  });

  it('repeats nothing however often it is told that something moved', async () => {
    const { followed } = follow([RUNNING, RUNNING, RUNNING, EXECUTION_EXAMPLE]);
    await followed.look();
    const types = typesOf(followed);
    for (let move = 0; move < 3; move += 1) {
      followed.moved();
      await new Promise(setImmediate);
    }
    expect(await types).toEqual(['queued', 'started', 'outputs', 'succeeded']);
  });

  it('looks again when the service was away as the end was told', async () => {
    const { followed } = follow([RUNNING, new ServiceUnavailableError('away'), EXECUTION_EXAMPLE]);
    await followed.look();
    followed.moved();
    expect(await typesOf(followed)).toEqual(['queued', 'started', 'outputs', 'succeeded']);
  });

  it('ends when its reader goes, also while it waits', async () => {
    const { followed, ends } = follow([RUNNING]);
    await followed.look();
    const types = typesOf(followed);
    await new Promise(setImmediate);
    await followed.return();
    expect(await types).toEqual(['queued', 'started']);
    expect(ends()).toBe(1);
  });
});
