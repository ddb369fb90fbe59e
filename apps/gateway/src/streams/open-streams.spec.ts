import { ServiceUnavailableError, Telemetry } from '@dspy-nest/platform';
import { Drain } from '../http/drain';
import { OpenStreams, STREAMS_MAX } from './open-streams';

describe('OpenStreams', () => {
  it('counts what is open and what was too slow', async () => {
    const telemetry = new Telemetry('test');
    const streams = new OpenStreams(telemetry, new Drain());
    const ended = [streams.add('sse', () => undefined), streams.add('sse', () => undefined)];
    streams.add('websocket', () => undefined);
    ended[0]!();
    streams.drop('websocket');
    const text = await telemetry.metricsText();
    expect(text).toMatch(/^dspy_event_streams\{.*transport="sse".*\} 1$/m);
    expect(text).toMatch(/^dspy_event_streams\{.*transport="websocket".*\} 1$/m);
    expect(text).toMatch(/^dspy_event_streams_dropped_total\{.*transport="websocket".*\} 1$/m);
    await telemetry.shutdown();
  });

  it('lets in as many as there may be, and one more when one has gone', async () => {
    const telemetry = new Telemetry('test');
    const streams = new OpenStreams(telemetry, new Drain());
    const ends = Array.from({ length: STREAMS_MAX }, () => streams.add('sse', () => undefined));
    expect(() => streams.admit()).toThrow(ServiceUnavailableError);
    ends[0]!();
    expect(() => streams.admit()).not.toThrow();
    await telemetry.shutdown();
  });

  it('ends all when the gateway stops, and lets in no more', async () => {
    const [telemetry, drain, ended] = [new Telemetry('test'), new Drain(), [] as string[]];
    const streams = new OpenStreams(telemetry, drain);
    for (const name of ['a', 'b']) streams.add('websocket', () => ended.push(name));
    drain.begin();
    drain.begin();
    expect(ended).toEqual(['a', 'b']);
    expect(() => streams.admit()).toThrow('is stopping');
    await telemetry.shutdown();
  });
});
