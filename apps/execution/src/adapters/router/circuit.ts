/** Failures in a row after which a model is left alone. */
export const FAILURES_MAX = 3;

/** How long a model is left alone before one execution tries it again. */
export const REST_MS = 30_000;

/** A model that failed lately. One without a circuit is well. */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number;
  /** Until then the circuit is open, where there were enough failures. */
  readonly openUntilMs: number;
}

/** Whether executions are kept from the model now. */
export function isOpen(circuit: Circuit | undefined, nowMs: number): boolean {
  return circuit !== undefined && circuit.failures >= FAILURES_MAX && nowMs < circuit.openUntilMs;
}

/** The circuit after the model failed once more. */
export function failed(circuit: Circuit | undefined, nowMs: number): Circuit {
  return { failures: Math.min(FAILURES_MAX, (circuit?.failures ?? 0) + 1), openUntilMs: nowMs + REST_MS };
}

/** The circuit after an execution was sent to the model: while that one tries a model that failed, the others go elsewhere. */
export function taken(circuit: Circuit, nowMs: number): Circuit {
  return circuit.failures < FAILURES_MAX ? circuit : { ...circuit, openUntilMs: nowMs + REST_MS };
}
