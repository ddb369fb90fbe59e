import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Suite, type SuiteOptions } from './suite';

/** What is done with a suite, and whether its outcome needs no further look. */
export interface SuiteWork<T> {
  readonly name: string;
  run(suite: Suite): Promise<T>;
  isGood(outcome: T): boolean;
}

/** Gives work a suite in a folder of its own; where the outcome is not good, or it throws, the logs stay. */
export async function withSuite<T>(work: SuiteWork<T>, options: Omit<SuiteOptions, 'root' | 'home'>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), `dspy-nest-${work.name}-`));
  let suite: Suite | undefined;
  let isGood = false;
  try {
    suite = await Suite.start({ ...options, root: process.cwd(), home });
    const outcome = await work.run(suite);
    isGood = work.isGood(outcome);
    return outcome;
  } finally {
    await suite?.stop();
    if (isGood) rmSync(home, { recursive: true, force: true });
    else process.stderr.write(`The logs are in ${join(home, 'logs')}\n`);
  }
}
