import type { PipeTransform } from '@nestjs/common';
import type { ErrorCode } from '@dspy-nest/contracts';
import { HttpError } from '../http/http.errors';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A path names something that cannot exist, so nothing needs to be asked. */
export class ImpossibleNameError extends HttpError {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

class PathNamePipe implements PipeTransform<string | undefined, string> {
  constructor(
    private readonly pattern: RegExp,
    private readonly code: ErrorCode,
    private readonly noun: string,
  ) {}

  transform(name: string | undefined): string {
    if (name !== undefined && this.pattern.test(name)) return name;
    throw new ImpossibleNameError(this.code, `There is no ${this.noun} "${(name ?? '').slice(0, 100)}".`);
  }
}

/** The name of a signature in a path. */
export const signatureName = new PathNamePipe(/^[A-Z][A-Za-z0-9]{0,62}$/, 'signature_not_found', 'signature');
/** The name of a program in a path. */
export const programName = new PathNamePipe(/^[a-z][a-z0-9-]{0,62}$/, 'program_not_found', 'program');
/** The name of a model in a path. */
export const modelName = new PathNamePipe(/^[a-z][a-z0-9._-]{0,62}$/, 'model_not_found', 'model');
/** The name of a dataset in a path. */
export const datasetName = new PathNamePipe(/^[a-z][a-z0-9-]{0,62}$/, 'dataset_not_found', 'dataset');
/** The name of a metric in a path. */
export const metricName = new PathNamePipe(/^[a-z][a-z0-9-]{0,62}$/, 'metric_not_found', 'metric');
/** The id of an execution in a path. */
export const executionId = new PathNamePipe(UUID, 'execution_not_found', 'execution');
/** The id of a batch in a path. */
export const batchId = new PathNamePipe(UUID, 'batch_not_found', 'batch');
/** The id of an evaluation in a path. */
export const evaluationId = new PathNamePipe(UUID, 'evaluation_not_found', 'evaluation');
/** The id of an optimisation in a path. */
export const optimizationId = new PathNamePipe(UUID, 'optimization_not_found', 'optimisation');
/** The id of a dead letter in a path. */
export const deadLetterId = new PathNamePipe(UUID, 'dead_letter_not_found', 'dead letter');
