import type { ScriptedModelServer } from '@dspy-nest/testing';
import type { Allowance, Violation } from './judge/judge';
import type { Load } from './load/load';
import type { Random } from './load/random';
import type { Suite } from './suite/suite';

/** How often a scenario does its fault, and over how many executions. */
export interface Budget {
  readonly faults: number;
  readonly executions: number;
}

/** What a scenario plays on. */
export interface Stage {
  readonly suite: Suite;
  readonly model: ScriptedModelServer;
  readonly load: Load;
  readonly random: Random;
  /** The program that its executions run. */
  readonly program: string;
  /** Tells how far it is. */
  readonly say: (text: string) => void;
  /** Keeps a result that is worth reading also when nothing is wrong. */
  readonly remark: (text: string) => void;
}

/** One kind of fault under load. */
export interface Scenario {
  readonly name: string;
  /** What it does, for the table. */
  readonly title: string;
  /** Of `npm run verify:faults`, and of `npm test`; without the second it is left out of `npm test`. */
  readonly full: Budget;
  readonly small?: Budget;
  readonly allowance?: Allowance;
  /** Sends load and does the faults; what it finds wrong by itself, the judge adds to. */
  run(stage: Stage, budget: Budget): Promise<Violation[]>;
}
