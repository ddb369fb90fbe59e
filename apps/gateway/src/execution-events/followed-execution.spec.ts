import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { StoredTokens } from '@dspy-nest/messaging';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { FollowedExecution } from './followed-execution';

const RUNNING: ExecutionV1 = { ...EXECUTION_EXAMPLE, status: 'running', outputs: null };
const STREAMED: ExecutionV1 = { ...RUNNING, stream: true };
const PAGE = 4;

/** An execution that goes through states, one each time it is read, and whose worker tells what it is told to. */
class Scene {
  readonly followed: FollowedExecution;
  readonly stored: StoredTokens[] = [];
  ends = 0;
  reads = 0;
  listening = 0;

  constructor(
    private readonly states: (ExecutionV1 | Error)[],
    after = 0,
  ) {
    const source = {
      read: (): Promise<ExecutionV1> => this.read(),
      tokens: (position: number) => {
        this.reads += 1;
        const rest = this.stored.filter((tokens) => tokens.position > position);
        return Promise.resolve({ messages: rest.slice(0, PAGE), isEnd: rest.length <= PAGE });
      },
      lastToken: () => Promise.resolve(this.stored.at(-1)?.first),
      listen: () => {
        this.listening += 1;
        return () => void (this.listening -= 1);
      },
    };
    this.followed = new FollowedExecution(source, after, () => (this.ends += 1));
  }

  /** A worker stores a token; the reader is told of it unless that is lost. */
  tell(delta: string, isLost = false): void {
    const at = this.stored.length;
    const tokens = {
      first: 3 + at,
      events: [{ type: 'token' as const, field: 'answer', delta }],
      position: 10 * (at + 1),
      previous: 10 * at,
      bytes: delta.length,
    };
    this.stored.push(tokens);
    if (!isLost) this.followed.take(tokens);
  }

  private read(): Promise<ExecutionV1> {
    const state = this.states.length > 1 ? this.states.shift()! : this.states[0]!;
    return state instanceof Error ? Promise.reject(state) : Promise.resolve(state);
  }
}

async function stepsOf(followed: FollowedExecution, steps: string[] = []): Promise<string[]> {
  for await (const { type, delta } of followed) steps.push(delta ?? type);
  return steps;
}
const turn = (): Promise<void> => new Promise(setImmediate);

describe('FollowedExecution', () => {
  it('gives what has happened, then what happens, then ends', async () => {
    const scene = new Scene([RUNNING, EXECUTION_EXAMPLE]);
    await scene.followed.look();
    const steps = stepsOf(scene.followed);
    scene.followed.moved();
    expect(await steps).toEqual(['queued', 'started', 'outputs', 'succeeded']);
    expect([scene.ends, scene.reads]).toEqual([1, 0]);
  });

  it('begins after an event, and is over when there is nothing more', async () => {
    const { followed } = new Scene([EXECUTION_EXAMPLE], 3);
    await followed.look();
    expect(followed.isOver).toBe(false);
    expect(await stepsOf(followed)).toEqual(['succeeded']);
    const { followed: over } = new Scene([EXECUTION_EXAMPLE], 4);
    await over.look();
    expect(over.isOver).toBe(true);
  });

  it('repeats nothing however often it is told that something moved', async () => {
    const { followed } = new Scene([RUNNING, RUNNING, RUNNING, EXECUTION_EXAMPLE]);
    await followed.look();
    const steps = stepsOf(followed);
    for (let move = 0; move < 3; move += 1) {
      followed.moved();
      await turn();
    }
    expect(await steps).toEqual(['queued', 'started', 'outputs', 'succeeded']);
  });

  it('looks again when the service was away as the end was told', async () => {
    const { followed } = new Scene([RUNNING, new ServiceUnavailableError('away'), EXECUTION_EXAMPLE]);
    await followed.look();
    followed.moved();
    expect(await stepsOf(followed)).toEqual(['queued', 'started', 'outputs', 'succeeded']);
  });

  it('ends when its reader goes, also while it waits', async () => {
    const scene = new Scene([STREAMED]);
    await scene.followed.look();
    const steps = stepsOf(scene.followed);
    await turn();
    expect(scene.listening).toBe(1);
    await scene.followed.return();
    expect(await steps).toEqual(['queued', 'started']);
    expect([scene.ends, scene.listening]).toEqual([1, 0]);
  });
});

describe('the tokens of a FollowedExecution', () => {
  it('are read as far as they are stored, then taken as they come', async () => {
    const scene = new Scene([STREAMED, { ...EXECUTION_EXAMPLE, stream: true, lastSequence: 8 }]);
    for (const delta of ['a', 'b', 'c', 'd', 'e']) scene.tell(delta, true);
    await scene.followed.look();
    const steps: string[] = [];
    const all = stepsOf(scene.followed, steps);
    await turn();
    scene.tell('f');
    await turn();
    expect(steps).toEqual(['queued', 'started', 'a', 'b', 'c', 'd', 'e', 'f']);
    scene.followed.moved();
    expect((await all).slice(8)).toEqual(['outputs', 'succeeded']);
    expect([scene.reads, scene.listening]).toEqual([2, 0]);
  });

  it('that were missed are read before what came after them, and before the end', async () => {
    const scene = new Scene([STREAMED, { ...EXECUTION_EXAMPLE, stream: true, lastSequence: 6 }]);
    await scene.followed.look();
    const steps: string[] = [];
    const all = stepsOf(scene.followed, steps);
    scene.tell('a', true);
    scene.tell('b');
    await turn();
    expect(steps).toEqual(['queued', 'started', 'a', 'b']);
    scene.tell('c', true);
    scene.tell('d', true);
    scene.followed.moved();
    expect((await all).slice(4)).toEqual(['c', 'd', 'outputs', 'succeeded']);
  });

  it('need no reading of state before the first, nor of the stream before an end that is told', async () => {
    const scene = new Scene([new Error('not asked')]);
    scene.followed.listen();
    const steps = stepsOf(scene.followed);
    scene.tell('a');
    await turn();
    scene.followed.end({ ...EXECUTION_EXAMPLE, stream: true, lastSequence: 3 });
    expect(await steps).toEqual(['queued', 'started', 'a', 'outputs', 'succeeded']);
    expect(scene.reads).toBe(0);
  });

  it('wait for a slow reader in the stream, not here', async () => {
    const scene = new Scene([STREAMED]);
    await scene.followed.look();
    const large = 'x'.repeat(100_000);
    for (let told = 0; told < 10; told += 1) scene.tell(large);
    let heard = 0;
    const before = scene.reads;
    for await (const { type } of scene.followed) {
      if (type === 'token') heard += 1;
      if (heard === 10) break;
    }
    expect(scene.reads - before).toBe(2);
  });

  it('are read again when the server was away', async () => {
    const scene = new Scene([STREAMED]);
    await scene.followed.look();
    const steps: string[] = [];
    void stepsOf(scene.followed, steps);
    scene.tell('a');
    scene.tell('b', true);
    scene.followed.lose();
    await turn();
    await turn();
    expect(steps).toEqual(['queued', 'started', 'a', 'b']);
    await scene.followed.return();
  });
});
