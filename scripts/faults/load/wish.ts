import type { JsonObject, TerminalStatus } from '@dspy-nest/contracts';

/** What a client was told of an execution that has ended. */
export interface ToldOutcome {
  readonly executionId: string;
  readonly status: TerminalStatus;
  readonly outputs: JsonObject | null;
}

/** One thing that clients want done once, however often they ask, and all that they were told of it. */
export interface Wish {
  /** The idempotency key, and the input by which the model's answer is known. */
  readonly key: string;
  /** Whether the client waits for the outcome, or reads it later. */
  readonly waits: boolean;
  readonly expected: TerminalStatus;
  /** Executions that the platform answered with, ended or not. */
  readonly accepted: Set<string>;
  readonly outcomes: ToldOutcome[];
  /** Answers after which no client would ask again. */
  readonly refusals: string[];
  /** How many clients ask, and how often they had to ask again. */
  readonly clients: number;
  repeats: number;
}
