import { Injectable } from '@nestjs/common';
import { ServiceUnavailableError, Telemetry } from '@dspy-nest/platform';
import type { Counter } from '@opentelemetry/api';
import { Drain } from '../http/drain';

/** The most connections of a process that stay open for events: each costs memory, and another process takes further ones. */
export const STREAMS_MAX = 5_000;

/** How events travel. */
export type Transport = 'sse' | 'websocket';

/** The connections that stay open for events: counted, limited, and ended when the gateway stops. */
@Injectable()
export class OpenStreams {
  private readonly open = new Map<() => void, Transport>();
  private readonly dropped: Counter;

  constructor(
    { meter }: Telemetry,
    private readonly drain: Drain,
  ) {
    const description = 'Connections that are open for events.';
    meter.createObservableGauge('dspy_event_streams', { description }).addCallback((result) => {
      for (const transport of ['sse', 'websocket'] as const) result.observe(this.count(transport), { transport });
    });
    this.dropped = meter.createCounter('dspy_event_streams_dropped', {
      description: 'Connections that were ended because the client was too slow.',
    });
    drain.onBegin(() => {
      for (const end of this.open.keys()) end();
    });
  }

  /** Throws ServiceUnavailableError when there are as many as there may be, or the gateway is stopping. */
  admit(): void {
    if (this.drain.draining) {
      const message = 'The gateway is stopping. Connect again.';
      throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
    }
    if (this.open.size < STREAMS_MAX) return;
    const message = `This gateway holds ${STREAMS_MAX} connections for events, the most there may be. Try again, or use another.`;
    throw new ServiceUnavailableError(message, { details: { retryAfterS: 5 } });
  }

  /** Counts a connection until the function that this gives is called; `end` is called when the gateway stops. */
  add(transport: Transport, end: () => void): () => void {
    this.open.set(end, transport);
    return () => void this.open.delete(end);
  }

  /** Counts a client that was too slow. */
  drop(transport: Transport): void {
    this.dropped.add(1, { transport });
  }

  private count(transport: Transport): number {
    return [...this.open.values()].filter((other) => other === transport).length;
  }
}
