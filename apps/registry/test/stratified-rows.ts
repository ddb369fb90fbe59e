import { EXAMPLE_SPLITS, type DatasetV1, type ExampleV1 } from '@dspy-nest/contracts';

const TEAMS = ['billing', 'shipping', 'billing', 'billing'];
const SHARES = { train: 0.6, validation: 0.15, test: 0.25 };

/** How a dataset of tickets is divided by their teams. */
export function stratifiedBy(stratifyBy: string, seed: number): DatasetV1['splits'] {
  return { seed, validation: SHARES.validation, test: SHARES.test, stratifyBy };
}

/** Tickets with their teams, of which one in four is another than the rest. */
export function labelled(tickets: readonly string[]): object[] {
  return tickets.map((ticket, at) => ({ inputs: { ticket }, outputs: { team: TEAMS[at % TEAMS.length] } }));
}

/** Whether no split is more than a whole example off its share of any stratum. */
export function isFair({ strata }: DatasetV1): boolean {
  return strata!.every((one) =>
    EXAMPLE_SPLITS.every((split) => Math.abs(one[split] - SHARES[split] * one.total) < 1 + 1e-9),
  );
}

/** The splits that each ticket has examples in. */
export function splitsByTicket(examples: readonly ExampleV1[]): Map<unknown, Set<string>> {
  const splits = new Map<unknown, Set<string>>();
  for (const { inputs, split } of examples) {
    splits.set(inputs['ticket'], (splits.get(inputs['ticket']) ?? new Set()).add(split));
  }
  return splits;
}
