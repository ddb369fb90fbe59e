import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, readAnswer } from './answer';
import type { Random } from './random';
import type { Wish } from './wish';

// A caller whose replica died gets no answer; with its key it may hang up and ask again without harm.
const ANSWER_TIMEOUT_MS = 12_000;
const READ_TIMEOUT_MS = 12_000;
const PATIENCE_MS = 300_000;
const LONGEST_PAUSE_MS = 1_000;
const POLL_MS = 250;

/** A client as the platform asks its clients to be: it repeats with the same key until it knows how its execution ended. */
export class RepeatingClient {
  /** Why clients had to ask again, and how often. */
  readonly reasons = new Map<string, number>();
  private readonly gateways: readonly string[];
  private readonly program: string;
  private readonly random: Random;

  constructor(gateways: readonly string[], program: string, random: Random) {
    this.gateways = gateways;
    this.program = program;
    this.random = random;
  }

  /** Has a wish done, writing down in it what it was told; resolves also when it had to give up. */
  async fulfil(wish: Wish): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    let executionId: string | undefined;
    for (let asked = Math.floor(this.random.next() * this.gateways.length); Date.now() < deadline; asked += 1) {
      const gateway = this.gateways[asked % this.gateways.length] ?? '';
      const answer = await (executionId === undefined ? this.create(gateway, wish) : this.read(gateway, executionId));
      if (this.note(wish, answer)) return;
      if (answer.kind === 'open') executionId = answer.executionId;
      await pause(this.pauseMs(answer));
    }
  }

  private create(gateway: string, { key, waits }: Wish): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return this.ask(`${gateway}/v1/programs/${this.program}/executions`, ANSWER_TIMEOUT_MS, {
      method: 'POST',
      headers: waits ? headers : { ...headers, prefer: 'respond-async' },
      body: JSON.stringify({ inputs: { nonce: key } }),
    });
  }

  private read(gateway: string, executionId: string): Promise<Answer> {
    return this.ask(`${gateway}/v1/executions/${executionId}`, READ_TIMEOUT_MS, {});
  }

  private async ask(url: string, timeoutMs: number, request: RequestInit): Promise<Answer> {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
      return readAnswer(response.status, await response.text());
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return { kind: 'again', reason: isLate ? 'no answer in time' : 'connection broken', afterMs: 0 };
    }
  }

  /** Writes an answer down; true when there is nothing more to ask. */
  private note(wish: Wish, answer: Answer): boolean {
    if (answer.kind === 'open') wish.accepted.add(answer.executionId);
    if (answer.kind === 'ended') {
      wish.accepted.add(answer.outcome.executionId);
      wish.outcomes.push(answer.outcome);
    }
    if (answer.kind === 'refused') wish.refusals.push(answer.reason);
    if (answer.kind === 'again') {
      wish.repeats += 1;
      this.reasons.set(answer.reason, (this.reasons.get(answer.reason) ?? 0) + 1);
    }
    return answer.kind === 'ended' || answer.kind === 'refused';
  }

  private pauseMs(answer: Answer): number {
    if (answer.kind !== 'again') return POLL_MS;
    return Math.max(answer.afterMs, this.random.between(LONGEST_PAUSE_MS / 10, LONGEST_PAUSE_MS));
  }
}
