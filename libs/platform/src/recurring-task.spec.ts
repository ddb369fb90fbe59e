import { RecurringTask } from './recurring-task';

describe('RecurringTask', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('does its work a pause after it was done last, also after a failure', async () => {
    const failures: unknown[] = [];
    const work = jest.fn<Promise<void>, []>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(undefined);
    const task = new RecurringTask(work, 100, (err) => void failures.push(err));
    task.start();
    await jest.advanceTimersByTimeAsync(99);
    expect(work).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(201);
    expect(work).toHaveBeenCalledTimes(3);
    expect(failures).toEqual([new Error('gone')]);
    await task.stop();
  });

  it('is never at work twice, and ends once the work under way is done', async () => {
    let finish = (): void => undefined;
    const work = jest.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const task = new RecurringTask(work, 100, () => undefined);
    task.start();
    await jest.advanceTimersByTimeAsync(1_000);
    const ended = jest.fn();
    const stopping = task.stop().then(ended);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([work.mock.calls.length, ended.mock.calls.length, task.isStopped]).toEqual([1, 0, true]);
    finish();
    await stopping;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
