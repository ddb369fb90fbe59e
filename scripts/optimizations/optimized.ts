import { randomUUID } from 'node:crypto';
import { eventFilter, type OptimizationV1, type OptimizerV1 } from '@dspy-nest/contracts';
import { waitUntil } from '@dspy-nest/embedded';
import type { Suite } from '../faults/suite/suite';
import { faultsOf, type Outcome } from './judge-optimization';
import { OptimizationClient } from './optimization-client';
import type { Kills } from './kills';
import { kindOf, PARITY_SIGNATURE } from './parity-answer';
import { TOKENS_OF_ANSWER, type ParityModel } from './parity-model';

const SIGNATURE = 'Parity';
const DATASET = 'numbers';
const METRIC = 'right-kind';
const MODEL = 'priced';
const SEED = 7;
const END_VERBS = ['completed', 'failed', 'cancelled'];
const PUBLISHED_TIMEOUT_MS = 30_000;
const USD_PER_MILLION = 1;
const USD_PER_ANSWER = ((TOKENS_OF_ANSWER.promptTokens + TOKENS_OF_ANSWER.completionTokens) * USD_PER_MILLION) / 1e6;
/** Examples of each split; the numbers of one begin where no other has any. */
const SPLITS = {
  train: { first: 100, count: 20 },
  validation: { first: 200, count: 20 },
  test: { first: 300, count: 60 },
} as const;

/** An optimiser, and words of what it is to have warned of. */
export interface OptimizerCase {
  readonly optimizer: OptimizerV1;
  readonly warning: string;
}

/** What came of one optimisation. */
export interface Optimized {
  readonly outcome: Outcome;
  readonly faults: string[];
  readonly seconds: number;
}

/** Optimises programs on a suite whose model answers better to a better instruction. */
export class OptimizedSuite {
  private readonly suite: Suite;
  private readonly model: ParityModel;
  private readonly client: OptimizationClient;

  private constructor(suite: Suite, model: ParityModel) {
    this.suite = suite;
    this.model = model;
    this.client = new OptimizationClient(suite.gatewayUrls[0] ?? '');
  }

  /** Makes model, signature, metric and dataset on a suite. */
  static async of(suite: Suite, model: ParityModel): Promise<OptimizedSuite> {
    const optimized = new OptimizedSuite(suite, model);
    const pricing = { inputPerMillionUsd: USD_PER_MILLION, outputPerMillionUsd: USD_PER_MILLION };
    const examples = Object.entries(SPLITS).flatMap(([split, { first, count }]) =>
      Array.from({ length: count }, (_, index) => ({
        inputs: { number: `N${first + index}` },
        outputs: { kind: kindOf(first + index) },
        split,
      })),
    );
    const made: [path: string, body: object][] = [
      ['models', { name: MODEL, model: 'scripted', baseUrl: model.url, format: 'chat', pricing }],
      ['signatures', { name: SIGNATURE, definition: PARITY_SIGNATURE }],
      ['metrics', { name: METRIC, definition: { kind: 'exact', field: 'kind' } }],
      ['datasets', { name: DATASET, signature: SIGNATURE }],
      [`datasets/${DATASET}/examples`, { examples }],
    ];
    for (const [path, body] of made) await optimized.client.create(`/v1/${path}`, body, randomUUID());
    return optimized;
  }

  /** Has a new program optimised, while something is killed under it, and judges what came of it. */
  async run(program: string, { optimizer, warning }: OptimizerCase, kills?: Kills): Promise<Optimized> {
    // A model that is asked again for what cannot be read gives no optimiser anything to warn of.
    const body = { name: program, signature: SIGNATURE, model: MODEL, config: { maxRetries: 0 } };
    await this.client.create('/v1/programs', body, randomUUID());
    this.model.forget();
    const request = { program, dataset: DATASET, metric: METRIC, optimizer, seed: SEED };
    const { id } = await this.client.optimize(request, randomUUID());
    const struck: Promise<void>[] = [];
    const optimization = await this.client.ended(id, (seen) => {
      const strike = kills?.at(seen);
      if (strike !== undefined) struck.push(strike);
    });
    await Promise.all(struck);
    const { first, count } = SPLITS.test;
    const { numbers, proposals, answers } = this.model.asked;
    const outcome = {
      ...(await this.told(optimization)),
      optimization,
      proposals,
      stored: await this.stored(optimization),
      answers,
      answersOnTest: numbers.filter((number) => number >= first && number < first + count).length,
    };
    const expected = { test: count, warning, usdPerAnswer: USD_PER_ANSWER, missedKills: kills?.missed };
    const { createdAt, finishedAt } = optimization;
    const seconds = (Date.parse(finishedAt ?? '') - Date.parse(createdAt)) / 1_000;
    return { outcome, faults: faultsOf(outcome, expected), seconds };
  }

  private async told({ id, program, candidateVersion }: OptimizationV1) {
    const { client } = this;
    const [trials, log, diff] = [await client.trials(id), await client.log(id), await client.diff(id)];
    const versions = await client.versions(program);
    const origins = candidateVersion === null ? [] : (await client.origins(program, candidateVersion)).items;
    return { trials: trials.items, log: log.items, diff, versions: versions.items, origins };
  }

  private async stored({ id, attempt }: OptimizationV1): Promise<Outcome['stored']> {
    const [stored] = await this.suite.evidence.query<Outcome['stored']>(
      `SELECT
         (SELECT count(*)::int FROM optimization.optimization_trials WHERE optimization_id = $1 AND attempt = $2) AS trials,
         (SELECT count(*)::int FROM optimization.evaluations WHERE name LIKE '%' || $1 || '%') AS evaluations`,
      [id, attempt],
    );
    return { trials: 0, evaluations: 0, ...stored, ends: await this.ends(id) };
  }

  /** How often its end was told, once nothing waits to be published any more. */
  private async ends(id: string): Promise<number> {
    const { evidence } = this.suite;
    const isPublished = async () => (await evidence.query('SELECT FROM optimization.outbox LIMIT 1', [])).length === 0;
    await waitUntil(isPublished, { timeoutMs: PUBLISHED_TIMEOUT_MS });
    const published = await evidence.published(eventFilter('optimization', 'optimization'));
    return published.filter(({ event, verb }) => event.subject === id && END_VERBS.includes(verb)).length;
  }
}
