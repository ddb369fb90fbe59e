import { NameConflictError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { checkOutputNames, graphqlNameOf } from './program-names';

describe('graphqlNameOf', () => {
  it.each([
    ['sentiment', 'sentiment'],
    ['route-ticket', 'routeTicket'],
    ['a-1-b', 'a1B'],
    ['a--b', 'aB'],
    ['trailing-', 'trailing'],
  ])('%s → %s', (program, expected) => {
    expect(graphqlNameOf(program)).toBe(expected);
  });

  it.each(['create-program', 'execute-program', 'delete--model', 'cancel-execution', 'replay-dead-letter'])(
    'keeps %s for the platform',
    (name) => {
      expect(() => graphqlNameOf(name)).toThrow(NameConflictError);
    },
  );

  it('leaves names that only look alike', () => {
    expect(graphqlNameOf('create-programme')).toBe('createProgramme');
  });
});

describe('checkOutputNames', () => {
  const check = (definition: string): void =>
    checkOutputNames({ signature: parseSignature(definition, { name: 'Plan' }), module: 'Predict' });

  it('keeps "execution" for the execution', () => {
    expect(() => check('goal -> execution')).toThrow(NameConflictError);
    expect(() => check('goal -> execution')).toThrow('The output "execution" of signature Plan clashes');
  });

  it('lets an input, or a member of an object, be called so', () => {
    expect(() => check('execution -> plan: object{ execution: string }')).not.toThrow();
  });
});
