/** A dataset, as far as it is shown. */
export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly signature: string;
  readonly examples: Readonly<Record<'total' | 'train' | 'validation' | 'test', number>>;
  readonly updatedAt: string;
}

/** How many examples there are in each split, in words. */
export function countsOf({ examples: { total, train, validation, test } }: Dataset): string {
  return `${total} examples: ${train} train, ${validation} validation, ${test} test`;
}
