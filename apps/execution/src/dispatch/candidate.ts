import type { Ensemble, ModelV1, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { ExecutionAdapter } from '../adapters/execution-adapter';

/** What an execution was found to run, before it is planned how. */
export interface Candidate {
  readonly program: Pick<ProgramVersionV1, 'adapter' | 'format' | 'config' | 'signature' | 'module'>;
  readonly model: Pick<ModelV1, 'format'>;
  readonly adapter: Pick<ExecutionAdapter, 'name' | 'format' | 'refusals' | 'run'>;
  readonly ensemble: Ensemble | null;
}
