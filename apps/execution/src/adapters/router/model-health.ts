import type { ExecutionEntity } from '../../executions/execution.entity';
import { type Circuit, failed, isOpen, taken } from './circuit';

const CIRCUITS_MAX = 10_000;

/**
 * The failure of a model that is away: it cannot be reached, is too slow or too busy. One that refuses a request, as by 400, may
 * take the next; who ran out of time may have waited for a worker.
 */
const OUTAGE = 'model_unavailable';

/** A model as it is now; a changed one starts anew. */
export type ModelKey = Pick<ExecutionEntity, 'tenant' | 'modelId' | 'modelVersion'>;

const keyOf = ({ tenant, modelId, modelVersion }: ModelKey): string => `${tenant}/${modelId}/${modelVersion}`;

/** Which models of routed programs fail, as this replica sees it: a replica that is new to it learns so within three failures. */
export class ModelHealth {
  private readonly circuits = new Map<string, Circuit>();

  /** Learns from how a routed execution ended; one that no model was asked for tells nothing. */
  record(ended: ExecutionEntity): void {
    if (ended.cached) return;
    const key = keyOf(ended);
    if (ended.status === 'succeeded') this.circuits.delete(key);
    else if (ended.error?.code === OUTAGE) {
      this.keep(key, failed(this.circuits.get(key), performance.now()));
    }
  }

  /** Whether an execution may go to the model now. */
  isWell(model: ModelKey): boolean {
    return !isOpen(this.circuits.get(keyOf(model)), performance.now());
  }

  /** Notes that an execution goes to the model. */
  take(model: ModelKey): void {
    const key = keyOf(model);
    const circuit = this.circuits.get(key);
    if (circuit !== undefined) this.circuits.set(key, taken(circuit, performance.now()));
  }

  private keep(key: string, circuit: Circuit): void {
    this.circuits.set(key, circuit);
    const oldest = this.circuits.keys().next();
    if (this.circuits.size > CIRCUITS_MAX && !oldest.done) this.circuits.delete(oldest.value);
  }
}
