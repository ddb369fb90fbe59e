import type { ExecutionV1 } from '@dspy-nest/contracts';

/**
 * The `Server-Timing` header of an execution, in milliseconds. `gateway` is the whole time at the door, from the request's
 * arrival; with what the execution's own clock does not see: the door itself, NATS and the commit.
 */
export function serverTiming(timing: ExecutionV1['timing'], gatewayMs: number): string {
  const spans: [string, number | null | undefined][] = [
    ['total', timing?.totalMs],
    ['queue', timing?.queueMs],
    ['worker', timing?.workerMs],
    ['model', timing?.lmMs],
    ['parse', timing?.parseMs],
    ['overhead', timing?.overheadMs],
    ['gateway', gatewayMs],
  ];
  const known = spans.filter((span): span is [string, number] => typeof span[1] === 'number');
  return known.map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(', ');
}
