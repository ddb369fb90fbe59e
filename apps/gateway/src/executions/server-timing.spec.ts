import { serverTiming } from './server-timing';

describe('serverTiming', () => {
  const timing = { totalMs: 412.54, queueMs: 1.25, workerMs: 409, lmMs: 406.8, parseMs: 0.04, overheadMs: 5.74 };

  it('has every span with one decimal', () => {
    expect(serverTiming(timing, 415.26)).toBe(
      'total;dur=412.5, queue;dur=1.3, worker;dur=409.0, model;dur=406.8, parse;dur=0.0, overhead;dur=5.7, gateway;dur=415.3',
    );
  });

  it('leaves out what is not known', () => {
    const unknown = { ...timing, queueMs: null, workerMs: null, lmMs: null, parseMs: null, overheadMs: null };
    expect(serverTiming(unknown, 1)).toBe('total;dur=412.5, gateway;dur=1.0');
    expect(serverTiming(null, 1)).toBe('gateway;dur=1.0');
  });
});
