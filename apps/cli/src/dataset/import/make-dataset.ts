import { CommandError } from '../../command.errors';
import { post, readOne } from '../../server/server';
import type { Dataset } from '../dataset';

const TIMEOUT_MS = 30_000;
/** What holds for a share that is not said, as the server has it. */
const DEFAULT = { seed: 0, validation: 0.2, test: 0.2 };

/** A dataset that may have to be made. */
interface Wanted {
  readonly name: string;
  readonly signature: string;
  readonly seed?: number;
  readonly validation?: number;
  readonly test?: number;
  readonly stratify?: string;
}

/** Makes a dataset unless one of the name is there. Throws CommandError. */
export async function makeIfMissing(url: URL, wanted: Wanted): Promise<void> {
  const {
    name,
    signature,
    stratify,
    seed = DEFAULT.seed,
    validation = DEFAULT.validation,
    test = DEFAULT.test,
  } = wanted;
  const splits = { seed, validation, test, ...(stratify !== undefined && { stratifyBy: stratify }) };
  const server = { url, timeoutMs: TIMEOUT_MS };
  try {
    await post<Dataset>(server, 'v1/datasets', { name, signature, splits });
  } catch (error) {
    const isThere = error instanceof CommandError && error.message.includes(' 409 name_conflict');
    if (!isThere) throw error;
    await readOne<Dataset>(server, `v1/datasets/${name}`);
  }
}
