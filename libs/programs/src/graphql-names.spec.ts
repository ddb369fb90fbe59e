import { isProgramName, isReservedMutation, programNames } from './graphql-names';

describe('programNames', () => {
  it('says what a program is in GraphQL', () => {
    expect(programNames('ticket-router')).toEqual({
      mutation: 'ticketRouter',
      query: 'ticketRouterExecutions',
      inputs: 'TicketRouterInputs',
      outputs: 'TicketRouterOutputs',
      execution: 'TicketRouterExecution',
      connection: 'TicketRouterExecutionConnection',
    });
  });

  it.each([
    ['sentiment', 'sentiment'],
    ['a-1-b', 'a1B'],
    ['a--b', 'aB'],
    ['trailing-', 'trailing'],
  ])('%s → %s', (program, mutation) => expect(programNames(program).mutation).toBe(mutation));

  it('never gives two programs a name in common, also when one is called as a type of the other', () => {
    const programs = ['x', 'x-inputs', 'x-outputs', 'x-execution', 'x-executions', 'x-execution-connection'];
    const types = programs.flatMap((program) => {
      const { inputs, outputs, execution, connection } = programNames(program);
      return [inputs, outputs, execution, connection];
    });
    expect(new Set(types).size).toBe(types.length);
  });
});

it.each([
  'createProgram',
  'executeProgram',
  'deleteModel',
  'updateMetric',
  'cancelExecution',
  'importProgramState',
  'replayExecution',
  'replayDeadLetter',
  'createFeedback',
])('the mutation %s is the platform’s own', (name) => expect(isReservedMutation(name)).toBe(true));

it('a mutation that only looks alike is free', () => expect(isReservedMutation('createProgramme')).toBe(false));

it.each(['XInputs', 'XOutputs', 'XExecution', 'XExecutionConnection', 'xExecutions'])(
  '%s may be of a program',
  (name) => expect(isProgramName(name)).toBe(true),
);

it.each(['Execution', 'ExecutionConnection', 'executions', 'ProgramOutput', 'UntypedOutput', 'CreateProgramInput'])(
  '%s is never of a program',
  (name) => expect(isProgramName(name)).toBe(false),
);
