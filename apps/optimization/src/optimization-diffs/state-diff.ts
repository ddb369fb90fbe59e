import type { OptimizationDiffV1, ProgramState } from '@dspy-nest/contracts';
import { canonicalJson } from '@dspy-nest/signature';

type PredictorDiff = OptimizationDiffV1['predictors'][number];

/** As much of what DSPy saves of one predictor as a model is told of it. */
interface Predictor {
  readonly demos?: Record<string, unknown>[];
  readonly signature?: { readonly instructions?: string };
}

/** What DSPy says beside the predictors of a program. */
const METADATA = 'metadata';

/** What the state of a candidate tells a model that the state of its parent does not, for machines and for people. */
export function stateDiff(before: ProgramState, after: ProgramState): OptimizationDiffV1 {
  const [old, fresh] = [predictorsOf(before), predictorsOf(after)];
  const predictors = [...fresh].map(([name, predictor]): PredictorDiff => {
    const parent = old.get(name) ?? {};
    return {
      name,
      instructions: { before: parent.signature?.instructions ?? '', after: predictor.signature?.instructions ?? '' },
      demosBefore: parent.demos ?? [],
      demosAfter: predictor.demos ?? [],
    };
  });
  return { predictors, text: predictors.flatMap(linesOf).join('\n') };
}

function predictorsOf(state: ProgramState): Map<string | null, Predictor> {
  if ('signature' in state) return new Map([[null, state as Predictor]]);
  const named = Object.entries(state).filter(([name]) => name !== METADATA);
  return new Map(named.map(([name, predictor]) => [name, predictor as Predictor]));
}

function linesOf({ name, instructions, demosBefore, demosAfter }: PredictorDiff): string[] {
  const [gone, come] = [notIn(demosBefore, demosAfter), notIn(demosAfter, demosBefore)];
  const isReworded = instructions.before !== instructions.after;
  return [
    ...(name === null ? [] : [`predictor ${name}`]),
    isReworded ? 'instructions' : 'instructions (unchanged)',
    ...(isReworded ? [...marked('-', instructions.before), ...marked('+', instructions.after)] : []),
    `demos: ${demosBefore.length} before, ${demosAfter.length} after`,
    ...gone.map((demo) => `- ${demo}`),
    ...come.map((demo) => `+ ${demo}`),
  ];
}

function notIn(demos: readonly object[], others: readonly object[]): string[] {
  const known = new Set(others.map((demo) => canonicalJson(demo)));
  return demos.map((demo) => canonicalJson(demo)).filter((demo) => !known.has(demo));
}

const marked = (mark: string, text: string): string[] => text.split('\n').map((line) => `${mark} ${line}`);
