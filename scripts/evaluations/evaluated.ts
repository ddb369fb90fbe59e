import { randomUUID } from 'node:crypto';
import type { EvaluationExample, EvaluationV1 } from '@dspy-nest/contracts';
import { NONCE_SIGNATURE } from '../faults/suite/nonce-model';
import type { Suite } from '../faults/suite/suite';
import { createProgram } from '../start/gateway-client';
import { EvaluationClient } from './evaluation-client';
import { faultsOf } from './judge-evaluation';

const PROGRAM = 'evaluated-echo';
const METRIC = 'same-echo';
/** Executed before it counts: the first executions of a worker have to import DSPy. */
const WARM_UP = 16;

/** How long an evaluation took, and what is wrong in it. */
export interface Timed {
  readonly seconds: number;
  readonly faults: string[];
}

/** Has examples evaluated, of which the model answers nine in ten as is expected, while something disturbs as it stands at looks. */
export async function evaluated(
  suite: Suite,
  count: number,
  disturb: (evaluation: EvaluationV1) => Promise<void> | undefined = () => undefined,
): Promise<Timed> {
  const [url = ''] = suite.gatewayUrls;
  const client = new EvaluationClient(url);
  await createProgram(url, { name: PROGRAM, signature: NONCE_SIGNATURE });
  await client.createMetric(METRIC, 'echo');
  await evaluate(client, WARM_UP);
  const disturbances: Promise<void>[] = [];
  const { evaluation, seconds } = await evaluate(client, count, (seen) => {
    const disturbance = disturb(seen);
    if (disturbance !== undefined) disturbances.push(disturbance);
  });
  await Promise.all(disturbances);
  return { seconds, faults: faultsOf(evaluation, await client.results(evaluation.id), count) };
}

async function evaluate(client: EvaluationClient, count: number, look: (seen: EvaluationV1) => void = () => undefined) {
  const request = { program: PROGRAM, metric: METRIC, examples: examplesOf(count), key: randomUUID() };
  const { id } = await client.create(request);
  const evaluation = await client.ended(id, look);
  const seconds = (Date.parse(evaluation.finishedAt ?? '') - Date.parse(evaluation.startedAt ?? '')) / 1_000;
  return { evaluation, seconds };
}

/** Examples that the model answers as is expected, but for every tenth. */
function examplesOf(count: number): EvaluationExample[] {
  return Array.from({ length: count }, (_, index) => {
    const nonce = `key-${index.toString(16).padStart(24, '0')}`;
    return { inputs: { nonce }, expected: { echo: index % 10 === 0 ? 'something else' : nonce } };
  });
}
