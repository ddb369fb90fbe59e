import type { TypedExecution } from '@dspy-nest/programs';
import { select } from './base-fields';

/** An execution as it is asked of the federated graph, under names that no caller has thought of. */
export interface SelectedExecution {
  readonly dspyNest_id: string;
  readonly dspyNest_programId: string;
  readonly dspyNest_status: string;
  readonly dspyNest_version: number;
  readonly dspyNest_outputs: Record<string, unknown> | null;
}

const SELECTED = ['id', 'programId', 'status', 'version', 'outputs'];

/** What is selected of an execution besides what the caller wants. */
export const ALWAYS_SELECTED = SELECTED.map((name) => select(name, [], `dspyNest_${name}`));

/** The same as text, for libraries that take text. */
export const ALWAYS_SELECTED_SDL = `{ ${SELECTED.map((name) => `dspyNest_${name}: ${name}`).join(' ')} }`;

/** The execution for the types of its program. */
export function toTypedExecution(selected: SelectedExecution, execution: TypedExecution['execution']): TypedExecution {
  const { dspyNest_id: id, dspyNest_status: status, dspyNest_version: version, dspyNest_outputs: outputs } = selected;
  return { id, status, version, outputs, execution };
}
