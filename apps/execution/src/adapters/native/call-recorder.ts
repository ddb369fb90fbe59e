import { type ModelCallV1, RECORDED_CALLS_MAX, type Usage } from '@dspy-nest/contracts';

/** What is known of a model call when it has ended. */
export interface EndedCall {
  readonly reason: ModelCallV1['reason'];
  /** Of `performance.now()`. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly firstTokenAt?: number;
  readonly errorCode?: string;
  readonly finishReason?: string | null;
  readonly usage?: Usage;
}

/** The model calls of one attempt, made one after the other. */
export class CallRecorder {
  private readonly ended: EndedCall[] = [];

  constructor(private readonly attempt: number) {}

  add(call: EndedCall): void {
    this.ended.push(call);
  }

  /** Notes that the answer of the last call was of no use. */
  failLast(errorCode: string): void {
    const last = this.ended.pop();
    if (last !== undefined) this.ended.push({ ...last, errorCode });
  }

  /** Wall time in which a model was asked, in milliseconds. */
  get lmMs(): number {
    return this.ended.reduce((sum, { beganAt, endedAt }) => sum + endedAt - beganAt, 0);
  }

  /** What the answered calls used; null where that is not known of one of them, or there was none. */
  get usage(): Usage {
    const answered = this.ended.flatMap(({ usage }) => usage ?? []);
    const sum = (member: keyof Usage): number | null => {
      let total = answered.length === 0 ? null : 0;
      for (const { [member]: more } of answered) total = total === null || more === null ? null : total + more;
      return total;
    };
    return {
      promptTokens: sum('promptTokens'),
      completionTokens: sum('completionTokens'),
      costUsd: sum('costUsd'),
    };
  }

  /** The calls as they are told; prompts and completions are not among what native executions record. */
  calls(): ModelCallV1[] {
    return this.ended.slice(0, RECORDED_CALLS_MAX).map((call, index) => ({
      index,
      attempt: this.attempt,
      reason: call.reason,
      startedAt: new Date(performance.timeOrigin + call.beganAt).toISOString(),
      durationMs: call.endedAt - call.beganAt,
      firstTokenMs: call.firstTokenAt === undefined ? null : call.firstTokenAt - call.beganAt,
      errorCode: call.errorCode ?? null,
      finishReason: call.finishReason ?? null,
      promptTokens: call.usage?.promptTokens ?? null,
      completionTokens: call.usage?.completionTokens ?? null,
      costUsd: call.usage?.costUsd ?? null,
      messages: null,
      completion: null,
      truncated: false,
    }));
  }
}
