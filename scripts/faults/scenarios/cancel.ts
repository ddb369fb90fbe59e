import { waitUntil } from '@dspy-nest/embedded';
import type { Violation } from '../judge/judge';
import { readAnswer } from '../load/answer';
import type { Wish } from '../load/wish';
import type { Scenario, Stage } from '../scenario';
import { type Hang, HANGS } from '../suite/nonce-model';

const FORMATS = ['chat', 'json', 'xml', 'completion'] as const;
const WAYS = ['cancelled', 'hung-up'] as const;
const LIMIT_MS = 250;
const PATIENCE_MS = 10_000;
const LOOK_MS = 1;

/** One cancellation: how the model is asked, how it hangs, and how the client ends it. */
interface Case {
  readonly format: (typeof FORMATS)[number];
  readonly hang: Hang;
  readonly way: (typeof WAYS)[number];
}

const CASES: readonly Case[] = FORMATS.flatMap((format) =>
  (Object.keys(HANGS) as Hang[]).flatMap((hang) => WAYS.map((way) => ({ format, hang, way }))),
);

/** How long after its client's word the model server sees its connection closed, for each format, hang and way. */
export const CANCEL: Scenario = {
  name: 'cancel',
  title: `cancelled or hung up: seen by the model server within ${LIMIT_MS} ms`,
  full: { faults: 0, executions: 20 * CASES.length },
  small: { faults: 0, executions: CASES.length },
  async run(stage, { executions }) {
    const violations: Violation[] = [];
    for (const one of CASES) {
      const times: number[] = [];
      for (let run = 0; run < executions / CASES.length; run += 1) times.push(await measure(stage, one));
      const worstMs = Math.max(...times);
      const subject = `${one.format}, ${one.hang}, ${one.way}`;
      stage.remark(`${subject}: at most ${worstMs.toFixed(0)} ms of ${times.length}`);
      stage.say(subject);
      if (worstMs === Infinity) violations.push({ rule: 'not-cancelled', subject, detail: 'the model went on' });
      else if (worstMs > LIMIT_MS) {
        violations.push({ rule: 'late-cancel', subject, detail: `${worstMs.toFixed(0)} ms, allowed ${LIMIT_MS} ms` });
      }
    }
    return violations;
  },
};

/** Milliseconds from the client's word to the closed connection; infinite when it was never closed. */
async function measure(stage: Stage, one: Case): Promise<number> {
  const { model, load } = stage;
  const [asked, closed] = [model.received, model.aborted];
  const wish = load.wish({ hang: one.hang, expected: 'cancelled', waits: one.way === 'hung-up' });
  const end = await begin(stage, one, wish);
  if (!(await waitUntil(() => model.received > asked, { timeoutMs: PATIENCE_MS, intervalMs: LOOK_MS })))
    return Infinity;
  const saidAtMs = performance.now();
  const word = end();
  const isSeen = await waitUntil(() => model.aborted > closed, { timeoutMs: PATIENCE_MS, intervalMs: LOOK_MS });
  const elapsedMs = performance.now() - saidAtMs;
  await word;
  return isSeen ? elapsedMs : Infinity;
}

/** Sends an execution; resolves to what ends it. */
async function begin({ suite, program }: Stage, { format, way }: Case, wish: Wish): Promise<() => Promise<void>> {
  const gateway = suite.gatewayUrls[0] ?? '';
  const hangUp = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const sent = fetch(`${gateway}/v1/programs/${program}/executions`, {
    method: 'POST',
    headers: wish.waits ? headers : { ...headers, prefer: 'respond-async' },
    body: JSON.stringify({ inputs: { nonce: wish.key }, format }),
    signal: hangUp.signal,
  });
  if (way === 'hung-up') {
    return async () => {
      hangUp.abort();
      await sent.catch(() => undefined);
    };
  }
  const answer = readAnswer(202, await (await sent).text());
  if (answer.kind === 'open') wish.accepted.add(answer.executionId);
  const [id] = wish.accepted;
  return async () => note(wish, await fetch(`${gateway}/v1/executions/${id}/cancel`, { method: 'POST' }));
}

async function note(wish: Wish, response: Response): Promise<void> {
  const answer = readAnswer(response.status, await response.text());
  if (answer.kind === 'ended') wish.outcomes.push(answer.outcome);
  else wish.refusals.push(`cancel was answered by ${response.status}`);
}
