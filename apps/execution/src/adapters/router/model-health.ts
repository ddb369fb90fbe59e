import type { ExecutionEntity } from '../../executions/execution.entity';
import { type Circuit, failed, isOpen, taken } from './circuit';
import { foundModels, type ModelKey } from './found-models';
import type { ModelState } from './model-order';
import { RecentTimes } from './recent-times';

const MODELS_MAX = 10_000;

const keyOf = ({ tenant, modelId, modelVersion }: ModelKey): string => `${tenant}/${modelId}/${modelVersion}`;

/**
 * Which models of routed programs fail and how quick they are, as this replica sees it: a replica that is new to a failure
 * learns of it within three.
 */
export class ModelHealth {
  private readonly circuits = new Map<string, Circuit>();
  private readonly times = new Map<string, RecentTimes>();

  /** Learns from how a routed execution ended; one that no model was asked for tells nothing. */
  record(ended: ExecutionEntity): void {
    if (ended.cached) return;
    const { away, answered, tookMs } = foundModels(ended);
    const nowMs = performance.now();
    for (const model of away) keep(this.circuits, keyOf(model), failed(this.circuits.get(keyOf(model)), nowMs));
    if (answered === undefined) return;
    const key = keyOf(answered);
    this.circuits.delete(key);
    if (tookMs === undefined) return;
    const times = this.times.get(key) ?? new RecentTimes();
    times.add(tookMs, nowMs);
    keep(this.times, key, times);
  }

  /** What is known of a model now. */
  stateOf(model: ModelKey): ModelState {
    const key = keyOf(model);
    const nowMs = performance.now();
    return { isWell: !isOpen(this.circuits.get(key), nowMs), p95Ms: this.times.get(key)?.p95Ms(nowMs) };
  }

  /** Notes that an execution goes to the model. */
  take(model: ModelKey): void {
    const key = keyOf(model);
    const circuit = this.circuits.get(key);
    if (circuit !== undefined) this.circuits.set(key, taken(circuit, performance.now()));
  }
}

function keep<Value>(values: Map<string, Value>, key: string, value: Value): void {
  values.set(key, value);
  const oldest = values.keys().next();
  if (values.size > MODELS_MAX && !oldest.done) values.delete(oldest.value);
}
