import { toPascalCase } from '@dspy-nest/signature';

/** Mutations that the platform itself has or will have; a program's mutation must not shadow one. */
const RESERVED_MUTATION =
  /^((create|update|delete)(Signature|Program|Model|Dataset|Metric|Evaluation|Optimization|Experiment|Deployment|Batch|Feedback|ApiKey)|(execute|publish)Program|importProgramState|(rerun|replay)Execution|replayDeadLetter|(stop|publish)Optimization|cancel(Execution|Batch|Evaluation|Optimization|Experiment|Deployment))$/;

/** The field beside the outputs of a typed mutation, through which the whole execution is reached. */
export const EXECUTION_FIELD = 'execution';

/** What a program adds to GraphQL. Its types end in ways in which no type of the platform ends. */
export interface ProgramNames {
  readonly mutation: string;
  readonly query: string;
  readonly inputs: string;
  readonly outputs: string;
  readonly execution: string;
  readonly connection: string;
}

/** The names of a program in GraphQL: `ticket-router` is the mutation `ticketRouter`. */
export function programNames(program: string): ProgramNames {
  const pascal = toPascalCase(program);
  const mutation = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return {
    mutation,
    query: `${mutation}Executions`,
    inputs: `${pascal}Inputs`,
    outputs: `${pascal}Outputs`,
    execution: `${pascal}Execution`,
    connection: `${pascal}ExecutionConnection`,
  };
}

/** Whether a mutation of this name is the platform's own. */
export function isReservedMutation(name: string): boolean {
  return RESERVED_MUTATION.test(name);
}

/** Whether a query or type of this name could be that of a program, so that the platform must not have one. */
export function isProgramName(name: string): boolean {
  return /^.+(Inputs|Outputs|Execution|ExecutionConnection|Executions)$/.test(name) && name !== 'ExecutionConnection';
}
