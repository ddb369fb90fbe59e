import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, exitCodes } from '../command.errors';
import { post, readOne, type Server } from '../server/server';
import type { Evaluation } from './evaluation';

const PATH = '/v1/evaluations';
const LOOK_EVERY_MS = 500;
/** As long as a server may be away that is started anew. */
const OUTAGE_MS = 60_000;

/** How an evaluation is waited for. */
export interface Waiting {
  readonly tell: (evaluation: Evaluation) => void;
  /** Has the evaluation cancelled. */
  readonly stop: AbortSignal;
}

/** Starts an evaluation and waits until it has ended. Throws CommandError, also when it was cancelled or has failed. */
export async function runEvaluation(server: Server, request: object, waiting: Waiting): Promise<Evaluation> {
  const { id } = await post<Evaluation>(server, PATH, request);
  const ended = await endOf(server, id, waiting);
  if (ended.status === 'completed') return ended;
  const reason = ended.error === null ? '' : ` ${ended.error.code}: ${ended.error.message}`;
  throw new CommandError(exitCodes.failed, `Evaluation ${id} is ${ended.status}.${reason}`);
}

async function endOf(server: Server, id: string, { tell, stop }: Waiting): Promise<Evaluation> {
  for (;;) {
    const evaluation = await readPatiently(server, id);
    tell(evaluation);
    if (evaluation.finishedAt !== null) return evaluation;
    await pause(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) continue;
    await post(server, `${PATH}/${id}/cancel`);
    throw new CommandError(exitCodes.failed, `Evaluation ${id} was cancelled; ${PATH}/${id} keeps what was counted.`);
  }
}

/** Reads an evaluation from a server that may be away for a while. */
async function readPatiently(server: Server, id: string): Promise<Evaluation> {
  for (const beganAt = Date.now(); ;) {
    try {
      return await readOne<Evaluation>(server, `${PATH}/${id}`);
    } catch (error) {
      if (Date.now() - beganAt > OUTAGE_MS) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}
