import type { WorkerHeartbeatV1 } from '@dspy-nest/contracts';
import type { Nats, SignalBus } from '@dspy-nest/messaging';
import { WorkersService } from './workers.service';

const heartbeat = (id: string, change: Partial<WorkerHeartbeatV1> = {}): WorkerHeartbeatV1 => ({
  id,
  status: 'ready',
  pool: 'default',
  lanes: ['interactive', 'batch'],
  host: 'here',
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  concurrency: 4,
  inFlight: 0,
  executed: 0,
  rssBytes: 1,
  versions: { dspy: '3.4.1' },
  modules: ['Predict'],
  formats: ['chat'],
  ...change,
});

describe('WorkersService', () => {
  let tell: (heartbeat: WorkerHeartbeatV1) => void;
  let workers: WorkersService;
  let connection: { isConnected: () => boolean; backForMs: () => number };

  beforeEach(() => {
    jest.useFakeTimers();
    const signals = { subscribe: (_subject: string, handler: typeof tell) => (tell = handler) } as unknown as SignalBus;
    connection = { isConnected: () => true, backForMs: () => Number.POSITIVE_INFINITY };
    workers = new WorkersService(signals, connection as Nats);
    workers.onModuleInit();
  });
  afterEach(() => jest.useRealTimers());

  it('counts a worker as dead 1.5 s after its last heartbeat', () => {
    tell(heartbeat('w1'));
    jest.advanceTimersByTime(1_400);
    expect(workers.isServed('default')).toBe(true);
    jest.advanceTimersByTime(200);
    expect(workers.isServed('default')).toBe(false);
    expect(workers.list()).toEqual([]);
  });

  it('lists a draining worker, which takes no work', () => {
    tell(heartbeat('w1', { status: 'draining' }));
    expect(workers.list()).toMatchObject([{ id: 'w1', status: 'draining' }]);
    expect(workers.isServed('default')).toBe(false);
  });

  it('forgets a worker that said goodbye', () => {
    tell(heartbeat('w1'));
    tell(heartbeat('w1', { status: 'stopped' }));
    expect(workers.list()).toEqual([]);
  });

  it('wakes who waits for a worker of the same pool', async () => {
    const waiting = workers.waitUntilServed('default', 5_000);
    tell(heartbeat('w2', { pool: 'other' }));
    jest.advanceTimersByTime(1_000);
    tell(heartbeat('w1'));
    expect(await waiting).toBe(true);
  });

  it('knows a fleet for dead only after it could have heard it', async () => {
    expect(workers.isDeserted('default')).toBe(false);
    const served = workers.willBeServed('default');
    jest.advanceTimersByTime(1_500);
    expect(await served).toBe(false);
    expect(workers.isDeserted('default')).toBe(true);
    expect(await workers.willBeServed('default')).toBe(false);
    connection.backForMs = () => 1_000;
    expect(workers.isDeserted('default')).toBe(false);
    connection.isConnected = () => false;
    connection.backForMs = () => 2_000;
    expect(workers.isDeserted('default')).toBe(false);
  });

  it('does not take a fleet for dead while a worker finishes what it has', () => {
    jest.advanceTimersByTime(1_500);
    tell(heartbeat('w1', { status: 'draining' }));
    expect(workers.isDeserted('default')).toBe(false);
    jest.advanceTimersByTime(1_600);
    expect(workers.isDeserted('default')).toBe(true);
  });

  it('waits for the first word of a worker', async () => {
    const served = workers.willBeServed('default');
    tell(heartbeat('w1'));
    expect(await served).toBe(true);
  });

  it('does not wait for ever', async () => {
    const waiting = workers.waitUntilServed('default', 5_000);
    jest.advanceTimersByTime(5_000);
    expect(await waiting).toBe(false);
  });
});
