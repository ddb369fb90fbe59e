import { createInbox, errors, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

const NO_RESPONDERS = 503;

interface Waiting {
  readonly subject: string;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** How long to wait for an answer, and what goes with the question. */
export interface Question {
  readonly timeoutMs: number;
  readonly headers?: MsgHdrs;
}

/**
 * Asks on one subscription of a connection. The client's own requests do so too, but for each answer they make an error with a
 * stack trace, in case it had not come.
 */
export class Inbox {
  private readonly prefix = `${createInbox()}.`;
  private readonly waiting = new Map<string, Waiting>();
  private asked = 0;

  constructor(private readonly connection: NatsConnection) {
    connection.subscribe(`${this.prefix}*`, { callback: (error, answer) => this.take(error, answer) });
  }

  /** Resolves to the answer; rejects with the client's NoRespondersError, TimeoutError, or whatever keeps it from sending. */
  ask(subject: string, body: string | Uint8Array, { timeoutMs, headers }: Question): Promise<Msg> {
    const reply = this.prefix + String((this.asked += 1));
    return new Promise((resolve, reject) => {
      this.connection.publish(subject, body, { reply, ...(headers !== undefined && { headers }) });
      const timer = setTimeout(() => this.settle(reply)?.reject(new errors.TimeoutError()), timeoutMs);
      this.waiting.set(reply, { subject, resolve, reject, timer });
    });
  }

  /** Rejects all that wait for an answer. */
  abandon(reason: Error): void {
    for (const reply of this.waiting.keys()) this.settle(reply)?.reject(reason);
  }

  private take(error: Error | null, answer: Msg): void {
    if (error !== null) {
      this.abandon(error);
      return;
    }
    const asked = this.settle(answer.subject);
    const isUnheard = answer.data.length === 0 && answer.headers?.code === NO_RESPONDERS;
    if (isUnheard) asked?.reject(new errors.NoRespondersError(asked.subject));
    else asked?.resolve(answer);
  }

  private settle(reply: string): Waiting | undefined {
    const asked = this.waiting.get(reply);
    if (asked === undefined) return undefined;
    clearTimeout(asked.timer);
    this.waiting.delete(reply);
    return asked;
  }
}
