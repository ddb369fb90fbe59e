import { AppError } from '@dspy-nest/platform';

/** Thrown when the tenant has no model of the name or id. */
export class ModelNotFoundError extends AppError {
  readonly code = 'model_not_found';

  constructor(model: string) {
    super(`There is no model "${model}". Create it first, or list the models to see which there are.`);
  }
}

/** Thrown when the API is to change or delete what the operator's environment defines. */
export class ModelManagedByEnvironmentError extends AppError {
  readonly code = 'in_use';

  constructor(name: string) {
    super(
      `Model "${name}" is defined by the environment of the server, which would undo the change at its next start. ` +
        'Set DSPY_NEST_LM_BASE_URL, DSPY_NEST_LM_MODEL and DSPY_NEST_LM_API_KEY there, or create a model of another name ' +
        'and name it in your programs.',
    );
  }
}

/** Thrown when a stored key was sealed with another secret; nothing about the key is told. */
export class ApiKeyUnreadableError extends AppError {
  readonly code = 'internal';

  constructor(cause?: unknown) {
    super(
      'The stored API key of the model cannot be read: it was sealed with another DSPY_NEST_SECRET_KEY. ' +
        'Start the server with the former secret, or set the key of the model again.',
      { cause },
    );
  }
}
