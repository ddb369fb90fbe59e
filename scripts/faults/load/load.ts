import { randomBytes } from 'node:crypto';
import type { TerminalStatus } from '@dspy-nest/contracts';
import type { Hang } from '../suite/nonce-model';
import { RepeatingClient } from './client';
import type { Random } from './random';
import type { Wish } from './wish';

const KEY_BYTES = 12;

/** How a wish differs from the usual one. */
export interface WishOptions {
  /** How the model is to hang over it. */
  readonly hang?: Hang;
  readonly expected?: TerminalStatus;
  /** Clients that ask for the same thing at once, with the same key. */
  readonly clients?: number;
  readonly waits?: boolean;
}

/** The clients of one scenario: sends wishes and keeps what the clients were told. */
export class Load {
  readonly wishes: Wish[] = [];
  readonly client: RepeatingClient;
  private readonly random: Random;
  private readonly underWay = new Set<Promise<void>>();

  constructor(gateways: readonly string[], program: string, random: Random) {
    this.random = random;
    this.client = new RepeatingClient(gateways, program, random);
  }

  /** How many clients still wait for their end. */
  get open(): number {
    return this.underWay.size;
  }

  /** Sends one wish, by default half of the time as a client that waits; does not wait for it. */
  send(options: WishOptions = {}): Wish {
    const wish = this.wish({ clients: 1, ...options });
    for (let client = 0; client < wish.clients; client += 1) this.follow(this.client.fulfil(wish));
    return wish;
  }

  /** A wish that is judged with the others, but that no client follows unless told. */
  wish({ hang, expected = 'succeeded', clients = 0, waits = this.random.next() < 0.5 }: WishOptions): Wish {
    const key = `${hang === undefined ? '' : `${hang}-`}key-${randomBytes(KEY_BYTES).toString('hex')}`;
    const told = { accepted: new Set<string>(), outcomes: [], refusals: [], repeats: 0 };
    const wish: Wish = { key, waits, expected, clients, ...told };
    this.wishes.push(wish);
    return wish;
  }

  /** Waits until every client knows how its execution ended, or has given up. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private follow(work: Promise<void>): void {
    const followed = work.finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }
}
