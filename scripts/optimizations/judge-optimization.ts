import type {
  OptimizationDiffV1,
  OptimizationLogV1,
  OptimizationTrial,
  OptimizationV1,
  ProgramV1,
} from '@dspy-nest/contracts';
import { BETTER } from './parity-answer';
import { TOKENS_OF_ANSWER } from './parity-model';

/** Answers that a worker may get between two reports. */
const MOST_LOST = 40;

/** What an optimisation came to, as clients, servers and the model have it. */
export interface Outcome {
  readonly optimization: OptimizationV1;
  readonly trials: readonly OptimizationTrial[];
  readonly log: OptimizationLogV1['items'];
  readonly diff: OptimizationDiffV1;
  /** Of the program, which had one before. */
  readonly versions: readonly ProgramV1[];
  /** The optimisations that the candidate is said to come from. */
  readonly origins: readonly OptimizationV1[];
  /** What the model proposed. */
  readonly proposals: readonly string[];
  /** What is in Postgres. */
  readonly stored: { readonly trials: number; readonly evaluations: number; readonly ends: number };
  /** Answers that the model gave from the order of the optimisation to its end. */
  readonly answers: number;
  /** How many of them were about an example of the split test. */
  readonly answersOnTest: number;
}

/** What an optimisation ought to have had. */
export interface Expected {
  readonly test: number;
  /** Words that a warning in its log has. */
  readonly warning: string;
  readonly usdPerAnswer: number;
  /** What should have been killed under it and was not; undefined where nothing was to be. */
  readonly missedKills: readonly string[] | undefined;
}

/** What is wrong in an optimisation on a model that answers better to a better instruction. */
export function faultsOf(outcome: Outcome, expected: Expected): string[] {
  return [
    ...faultsOfSearch(outcome, expected),
    ...faultsOfTrials(outcome),
    ...faultsOfWinner(outcome),
    ...faultsOfSpend(outcome, expected),
    ...faultsOfKills(outcome, expected),
  ];
}

function faultsOfSearch({ optimization, proposals, diff, log }: Outcome, { warning }: Expected): string[] {
  const faults: string[] = [];
  const { status, error, parentScore, best } = optimization;
  if (status !== 'completed') faults.push(`It is ${status}: ${error?.message ?? 'without an error'}.`);
  if (parentScore !== 0.5 || best?.score !== 1)
    faults.push(`On validation it came from ${parentScore} to ${best?.score}, not from 0.5 to 1.`);
  const seed = diff.predictors[0]?.instructions.before;
  const others = new Set(proposals.filter((proposal) => proposal !== seed));
  if (others.size < 2) faults.push(`${others.size} proposals differ from the instruction as it was.`);
  const found = diff.predictors[0]?.instructions.after ?? '';
  if (!found.includes(BETTER)) faults.push(`What was found is "${found}".`);
  if (!log.some(({ text }) => text.includes(warning)))
    faults.push(`Of ${log.length} messages in its log none has "${warning}".`);
  return faults;
}

function faultsOfTrials({ optimization, trials, stored }: Outcome): string[] {
  const faults: string[] = [];
  const full = trials.filter(({ isFull }) => isFull).length;
  if (full < 2) faults.push(`${full} candidates were scored on all validation examples.`);
  if (trials.some(({ number }, index) => number !== index + 1))
    faults.push(`Its trials have the numbers ${trials.map(({ number }) => number).join(', ')}.`);
  const counts = [optimization.progress.trials, stored.trials];
  if (counts.some((count) => count !== trials.length))
    faults.push(`${trials.length} trials were read; it counts ${counts[0]}, and ${counts[1]} are stored.`);
  return faults;
}

function faultsOfWinner({ optimization, versions, origins, stored }: Outcome): string[] {
  const faults: string[] = [];
  const { id, candidateVersion, guard, conclusion } = optimization;
  const kept = versions.map(({ version }) => version).sort((one, other) => one - other);
  if (kept.join() !== `1,${candidateVersion}`)
    faults.push(`The program has the versions ${kept.join(', ')}, and the candidate is ${candidateVersion}.`);
  if (origins.length !== 1 || origins[0]?.id !== id)
    faults.push(`Its candidate is said to come from ${origins.length} optimisations.`);
  if (guard?.comparison?.verdict !== 'improved') faults.push(`The guard says: ${conclusion ?? 'nothing'}`);
  if (stored.evaluations !== 2) faults.push(`${stored.evaluations} evaluations judged it, not 2.`);
  if (stored.ends !== 1) faults.push(`Its end was told ${stored.ends} times.`);
  if (optimization.versions['dspy'] === undefined) faults.push('It does not say which DSPy had a part in it.');
  return faults;
}

function faultsOfSpend(outcome: Outcome, { test, usdPerAnswer, missedKills }: Expected): string[] {
  const isDisturbed = missedKills !== undefined;
  const faults: string[] = [];
  const { calls, usage, guard } = outcome.optimization;
  const given = outcome.answers - outcome.answersOnTest;
  // What a worker that is killed did not tell yet is lost.
  if (calls > given || calls < given - (isDisturbed ? MOST_LOST : 0))
    faults.push(`It counts ${calls} answers of the model, which gave ${given}.`);
  if (outcome.answersOnTest < 2 * test || (!isDisturbed && outcome.answersOnTest !== 2 * test))
    faults.push(`${outcome.answersOnTest} answers were about examples of the split test, not ${2 * test}.`);
  faults.push(...faultsOfUsage('It', usage, calls, usdPerAnswer));
  if (!isDisturbed && guard !== null) faults.push(...faultsOfUsage('Its guard', guard.usage, 2 * test, usdPerAnswer));
  return faults;
}

function faultsOfKills({ optimization: { attempt } }: Outcome, { missedKills }: Expected): string[] {
  const faults = (missedKills ?? []).map((name) => `There was no time to kill ${name}.`);
  const attempts = missedKills === undefined ? 1 : 2;
  if (attempt !== attempts) faults.push(`It was begun ${attempt} times, not ${attempts}.`);
  return faults;
}

function faultsOfUsage(
  what: string,
  { promptTokens, completionTokens, costUsd }: OptimizationV1['usage'],
  calls: number,
  usdPerAnswer: number,
): string[] {
  const isRight =
    promptTokens === calls * TOKENS_OF_ANSWER.promptTokens &&
    completionTokens === calls * TOKENS_OF_ANSWER.completionTokens &&
    Math.abs((costUsd ?? 0) - calls * usdPerAnswer) < 1e-9;
  return isRight
    ? []
    : [`${what} used ${promptTokens} and ${completionTokens} tokens for ${costUsd} USD, with ${calls} answers.`];
}
