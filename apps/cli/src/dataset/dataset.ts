type Counts = Readonly<Record<'total' | 'train' | 'validation' | 'test', number>>;

/** How many examples have one value of the field that a dataset is stratified by. */
type StratumCounts = Counts & { readonly value: unknown };

/** A dataset, as far as it is shown. */
export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly signature: string;
  readonly examples: Counts;
  readonly strata: readonly StratumCounts[] | null;
  readonly updatedAt: string;
}

/** How many examples there are in each split, in words. */
export function countsOf({ total, train, validation, test }: Counts): string {
  return `${total} examples: ${train} train, ${validation} validation, ${test} test`;
}
