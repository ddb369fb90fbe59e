import type { ExecutionEntity } from '../../executions/execution.entity';

/**
 * The failure of a model that is away: it cannot be reached, is too slow or too busy. One that refuses a request, as by 400, may
 * take the next; who ran out of time may have waited for a worker.
 */
const OUTAGE = 'model_unavailable';

/** A model as it is now; a changed one starts anew. */
export type ModelKey = Pick<ExecutionEntity, 'tenant' | 'modelId' | 'modelVersion'>;

/** How a routed execution found its models: which were away, and which answered how quickly. */
export interface FoundModels {
  readonly away: readonly ModelKey[];
  readonly answered: ModelKey | undefined;
  /** How long the model took that answered; undefined where others took a part of the time. */
  readonly tookMs: number | undefined;
}

/** What the end of a routed execution says of its models. A chain goes on past those alone that are away. */
export function foundModels(ended: ExecutionEntity): FoundModels {
  const { tenant, ensemble, modelId, modelVersion, lmMs } = ended;
  const chain = ensemble?.models ?? [{ id: modelId, version: modelVersion, name: ended.model }];
  const keyed = chain.map(({ id, version, name }) => ({ name, key: { tenant, modelId: id, modelVersion: version } }));
  if (ended.status === 'succeeded') {
    const place = chain.findIndex(({ id }) => id === modelId);
    const tookMs = place === 0 ? (lmMs ?? undefined) : undefined;
    return { away: keyed.slice(0, place).map(({ key }) => key), answered: keyed[place]?.key, tookMs };
  }
  const codes = codesOf(ended, chain[0]!.name);
  const away = keyed.filter(({ name }) => codes.get(name) === OUTAGE).map(({ key }) => key);
  return { away, answered: undefined, tookMs: undefined };
}

/** The failures by the names of models, which a chain tells of all that it asked. */
function codesOf({ error }: ExecutionEntity, first: string): Map<string, string> {
  const told = error?.details['models'] as { model: string; code: string }[] | undefined;
  return new Map((told ?? [{ model: first, code: error?.code ?? '' }]).map(({ model, code }) => [model, code]));
}
