import type { Telemetry } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/** Counts requests and measures their time in seconds, by route pattern (never the path: callers choose paths), method and status. */
export function requestMetrics({ meter }: Telemetry): (request: FastifyRequest, reply: FastifyReply) => void {
  const requests = meter.createCounter('http_server_requests', { description: 'HTTP requests answered.' });
  const duration = meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Time from the request to the end of its answer.',
    advice: { explicitBucketBoundaries: BUCKETS_S },
  });
  return (request, reply) => {
    const labels = {
      route: request.routeOptions.url ?? 'unmatched',
      method: request.method,
      status: String(reply.statusCode),
    };
    requests.add(1, labels);
    duration.record(reply.elapsedTime / 1_000, labels);
  };
}
