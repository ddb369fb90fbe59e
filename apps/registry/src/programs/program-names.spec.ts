import { NameConflictError } from '../name-conflict.error';
import { graphqlNameOf } from './program-names';

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

  it.each(['create-program', 'execute-program', 'delete--model', 'cancel-execution'])(
    'keeps %s for the platform',
    (name) => {
      expect(() => graphqlNameOf(name)).toThrow(NameConflictError);
    },
  );

  it('leaves names that only look alike', () => {
    expect(graphqlNameOf('create-programme')).toBe('createProgramme');
  });
});
