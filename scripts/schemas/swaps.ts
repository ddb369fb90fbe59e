import { setTimeout as pause } from 'node:timers/promises';
import { findOperation, registerProgram, runTyped } from './api';
import { faultsOf, type FollowedEvents } from './followed-events';
import { followEvents } from './follow-events';

const STEADY = 'steady';
const MS_PER_S = 1_000;
const DELIVERY_MS = 30_000;
const LOOK_EVERY_MS = 10;
const TYPED_WITHIN_MS = 30_000;

/** How often the schema changes, and what goes on meanwhile. */
export interface SwapPlan {
  readonly swaps: number;
  readonly perSecond: number;
  readonly subscriptions: number;
}

/** What went wrong while the schema changed, and how much went right. */
export interface SwapOutcome {
  readonly swaps: number;
  readonly requests: number;
  readonly failures: readonly string[];
  /** Of the subscriptions: events that one of them did not get, got twice, or in another order. */
  readonly eventFaults: readonly string[];
}

/** Registers programs one after the other, each until it is typed, under a steady load of requests and with open subscriptions. */
export async function swapUnderLoad(urls: readonly string[], plan: SwapPlan): Promise<SwapOutcome> {
  const url = urls[0]!;
  await registerProgram(url, STEADY);
  await untilTyped(url, STEADY);
  const followed = await Promise.all(
    Array.from({ length: plan.subscriptions }, (_, index) => followEvents(urls[index % urls.length]!, STEADY)),
  );
  const load = new Load(urls, plan.perSecond);
  const loading = load.run();
  for (let swap = 0; swap < plan.swaps; swap += 1) {
    const name = `swap${swap}`;
    await registerProgram(url, name);
    await untilTyped(url, name);
  }
  load.end();
  await loading;
  await untilDelivered(followed, load.executionIds);
  for (const one of followed) one.close();
  const eventFaults = followed.flatMap((one) => faultsOf(one, load.executionIds));
  return { swaps: plan.swaps, requests: load.requests, failures: load.failures, eventFaults };
}

/** Waits until the typed mutation of a program works; gives the milliseconds that took. Throws what it answers after 30 s. */
export function untilTyped(url: string, program: string): Promise<number> {
  return untilDone(() => runTyped(url, program));
}

/** Waits until a program has its operation in `/openapi.json`; gives the milliseconds that took. Throws after 30 s. */
export function untilDescribed(url: string, program: string): Promise<number> {
  return untilDone(() => findOperation(url, program));
}

/** Tries at steady intervals, since longer and longer ones would be in the figure. */
async function untilDone(attempt: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    try {
      await attempt();
      return performance.now() - startMs;
    } catch (error) {
      if (performance.now() - startMs > TYPED_WITHIN_MS) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Requests at a steady rate, whatever the answers take. */
class Load {
  requests = 0;
  readonly failures: string[] = [];
  readonly executionIds: string[] = [];
  private readonly urls: readonly string[];
  private readonly perSecond: number;
  private isEnded = false;

  constructor(urls: readonly string[], perSecond: number) {
    this.urls = urls;
    this.perSecond = perSecond;
  }

  async run(): Promise<void> {
    const startMs = performance.now();
    const open: Promise<void>[] = [];
    while (!this.isEnded) {
      open.push(this.send(this.urls[this.requests % this.urls.length]!));
      this.requests += 1;
      await pause(Math.max(0, startMs + (this.requests * MS_PER_S) / this.perSecond - performance.now()));
    }
    await Promise.all(open);
  }

  end(): void {
    this.isEnded = true;
  }

  private async send(url: string): Promise<void> {
    try {
      this.executionIds.push(await runTyped(url, STEADY));
    } catch (error) {
      this.failures.push((error as Error).message);
    }
  }
}

async function untilDelivered(followed: readonly FollowedEvents[], executionIds: readonly string[]): Promise<void> {
  const deadlineMs = performance.now() + DELIVERY_MS;
  const isWhole = (one: FollowedEvents): boolean => faultsOf(one, executionIds).length === 0;
  while (performance.now() < deadlineMs && !followed.every(isWhole)) await pause(LOOK_EVERY_MS);
}
