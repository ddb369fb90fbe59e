import { storedTokenSubject } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { Injectable, Logger } from '@nestjs/common';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { Nats } from './nats';
import { type TellingAttempt, ToldTokens } from './told-tokens';
import {
  endOf,
  lastTokens,
  readTokens,
  shutTokens,
  toStoredTokens,
  type StoredTokens,
  type TokenPage,
} from './stored-tokens';

const logger = new Logger('TokenLog');

/** Who follows the tokens of an execution. */
export interface TokenListener {
  /** Something was stored. */
  take(tokens: StoredTokens): void;
  /** The server was away: something may have been missed, or all that was stored be gone. */
  lose(): void;
}

interface Followed {
  readonly subscription: Subscription;
  readonly listeners: Set<TokenListener>;
}

/**
 * What is told of executions while they run: what is stored, and what is stored from now on. However many follow an
 * execution, the process subscribes once; NATS keeps nothing for it.
 */
@Injectable()
export class TokenLog {
  private readonly followed = new Map<string, Followed>();

  constructor(private readonly nats: Nats) {
    nats.onReconnect(() => {
      for (const { listeners } of this.followed.values()) for (const listener of listeners) listener.lose();
    });
  }

  /** Stores what an attempt at an execution tells. */
  told(of: TellingAttempt): ToldTokens {
    return new ToldTokens(this.nats, of);
  }

  /** Tells the listener what is stored of an execution from now on, until the function that this gives is called. */
  listen(tenant: string, id: string, listener: TokenListener): () => void {
    const subject = storedTokenSubject(tenant, id);
    const followed = this.followed.get(subject) ?? this.begin(subject);
    followed.listeners.add(listener);
    return () => {
      if (!followed.listeners.delete(listener) || followed.listeners.size > 0) return;
      followed.subscription.unsubscribe();
      this.followed.delete(subject);
    };
  }

  /** The first messages of an execution after a number of the stream. Throws ServiceUnavailableError. */
  read(tenant: string, id: string, after: number): Promise<TokenPage> {
    return whileThere(() => readTokens(this.nats, tenant, id, after));
  }

  /** The number of the last event that is stored of an execution; undefined when none is. Throws ServiceUnavailableError. */
  async last(tenant: string, id: string): Promise<number | undefined> {
    const found = await whileThere(() => lastTokens(this.nats, tenant, id));
    return found && endOf(found);
  }

  /**
   * Ends what is told of an execution: its worker can store nothing any more. Resolves to the number of the last event, null when
   * there was none. Throws ServiceUnavailableError.
   */
  shut(tenant: string, id: string): Promise<number | null> {
    return whileThere(() => shutTokens(this.nats, tenant, id));
  }

  private begin(subject: string): Followed {
    const listeners = new Set<TokenListener>();
    const callback = (error: Error | null, message: Msg): void => {
      if (error === null) hand(message, listeners);
      else logger.error(new Error(`The subscription to ${subject} ended.`, { cause: error }));
    };
    const followed = { subscription: this.nats.connection.subscribe(subject, { callback }), listeners };
    this.followed.set(subject, followed);
    return followed;
  }
}

function hand(message: Msg, listeners: ReadonlySet<TokenListener>): void {
  try {
    const tokens = toStoredTokens(message);
    for (const listener of listeners) listener.take(tokens);
  } catch (cause) {
    logger.error(new Error(`A message on ${message.subject} could not be read.`, { cause }));
  }
}

async function whileThere<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new ServiceUnavailableError('The stream of tokens is not there; try again in a moment.', { cause });
  }
}
