import { setTimeout as pause } from 'node:timers/promises';
import { type StreamedEventV1, type StreamedEventsV1, tokenSubject } from '@dspy-nest/contracts';
import { Logger } from '@nestjs/common';
import type { Nats } from './nats';
import { endOf, FIRST_TOLD, lastTokens, storeTokens, type StoredTokens } from './stored-tokens';
import { TokenBuffer } from './token-buffer';

/** Between two messages, which nobody sees; what comes meanwhile is told together. */
const PACE_MS = 20;
/** How long an outcome may wait for the last tokens. */
const FLUSH_MS = 2_000;
const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 1_000;

const logger = new Logger('ToldTokens');

/** Which attempt at which execution tells. */
export interface TellingAttempt {
  readonly tenant: string;
  readonly id: string;
  readonly attempt: number;
}

/** Somebody else tells of the execution now, or it has ended. */
class Superseded extends Error {}

/**
 * What one attempt of an execution tells while it runs, stored in the order of its numbers. It never blocks who tells, and ends
 * as soon as it is superseded. The twin in Python is python-worker/src/dspy_worker/messaging/tokens/token_stream.py.
 */
export class ToldTokens {
  private readonly buffer = new TokenBuffer();
  private readonly ending = new AbortController();
  private number = FIRST_TOLD;
  private position = 0;
  private mustTakeOver: boolean;
  private isDeaf = false;
  private isLost = false;
  private isStoring = false;
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly nats: Nats,
    private readonly of: TellingAttempt,
  ) {
    this.mustTakeOver = of.attempt > 1;
    if (this.mustTakeOver) void this.wake();
  }

  /** Takes what is new. */
  tell(events: readonly StreamedEventV1[]): void {
    if (this.isDeaf) return;
    for (const event of events) this.buffer.add(event);
    void this.wake();
  }

  /** Stores what is left. Resolves to the number of the last event; undefined where it is not known for sure. Never rejects. */
  async end(): Promise<number | undefined> {
    this.isDeaf = true;
    this.ending.abort();
    const inTime = new AbortController();
    const late = pause(FLUSH_MS, true, { signal: inTime.signal }).catch(() => false);
    const isLate = await Promise.race([late, this.wake()]);
    inTime.abort();
    if (isLate === true) logger.warn(`The last tokens of execution ${this.of.id} were not stored in time.`);
    if (isLate !== true && !this.isLost) return this.number - 1;
    this.isLost = true;
    return undefined;
  }

  /** Tells nothing more. */
  abandon(): void {
    this.isDeaf = true;
    this.isLost = true;
    this.ending.abort();
  }

  private wake(): Promise<void> {
    if (!this.isStoring) {
      this.isStoring = true;
      this.storing = this.storeAll();
    }
    return this.storing;
  }

  private async storeAll(): Promise<void> {
    try {
      if (this.mustTakeOver) await this.takeOver();
      this.mustTakeOver = false;
      for (let events = this.buffer.take(); events.length > 0; events = this.buffer.take()) {
        await this.store(events);
        await pause(PACE_MS, undefined, { signal: this.ending.signal }).catch(() => undefined);
      }
    } catch (error) {
      this.isDeaf = true;
      this.isLost = true;
      if (!(error instanceof Superseded)) logger.error({ err: error }, `Tokens of ${this.of.id} cannot be told.`);
    } finally {
      this.isStoring = false;
    }
  }

  /** Goes on behind what earlier attempts told, which is to be forgotten. */
  private async takeOver(): Promise<void> {
    const restarted: StreamedEventV1 = { type: 'restarted', attempt: this.of.attempt };
    for (let isStored = false; !isStored;) {
      const last = await this.last();
      if (last !== undefined) {
        if (isSuperseded(last, this.of.attempt)) throw new Superseded();
        this.number = endOf(last) + 1;
      }
      this.position = last?.position ?? 0;
      isStored = await this.tryToStore({ first: this.number, events: [restarted] });
    }
    this.number += 1;
  }

  private async store(events: StreamedEventV1[]): Promise<void> {
    const told = { first: this.number, events };
    while (!(await this.tryToStore(told))) {
      const last = await this.last();
      if (last !== undefined && !isSame(last, told)) throw new Superseded();
      // It was stored, and only the answer got lost; or all of the execution is gone, so there is nobody else either.
      this.position = last?.position ?? 0;
      if (last !== undefined) break;
    }
    this.number += events.length;
  }

  /** Stores behind the last message that is known; resolves to false if it is not the last one. */
  private async tryToStore(told: StreamedEventsV1): Promise<boolean> {
    const subject = tokenSubject(this.of.tenant, this.of.id);
    const body = JSON.stringify(told);
    const position = await this.whileWanted(() => storeTokens(this.nats, subject, body, this.position));
    if (position !== null) this.position = position;
    return position !== null;
  }

  private last(): Promise<StoredTokens | undefined> {
    return this.whileWanted(() => lastTokens(this.nats, this.of.tenant, this.of.id));
  }

  /** Asks NATS, again and again while it is not there. Throws {@link Superseded} once nobody wants to know. */
  private async whileWanted<T>(ask: () => Promise<T>): Promise<T> {
    for (let delayMs = RETRY_MIN_MS; ; delayMs = Math.min(delayMs * 2, RETRY_MAX_MS)) {
      if (this.isLost) throw new Superseded();
      try {
        return await ask();
      } catch (error) {
        logger.debug({ err: error }, 'Tokens not stored yet.');
        await pause(delayMs);
      }
    }
  }
}

/** Whether an execution has ended, of which a message without events tells, or a later attempt tells of it. */
function isSuperseded({ events }: StoredTokens, attempt: number): boolean {
  return events.length === 0 || events.some((event) => (event.attempt ?? 0) > attempt);
}

const isSame = ({ first, events }: StoredTokens, told: StreamedEventsV1): boolean =>
  JSON.stringify({ first, events }) === JSON.stringify(told);
