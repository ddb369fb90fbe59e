import { CALLER_LIMITS } from '@dspy-nest/graphql';
import { documentedQueries } from '@dspy-nest/testing';
import { GraphQLError } from 'graphql';
import { readOperation } from './operation';
import { subscriptionSchema } from './subscription-schema';

const nothing = (): never => {
  throw new Error('Nothing is executed here.');
};
const schema = subscriptionSchema({
  executionEvents: nothing,
  batchEvents: nothing,
  evaluationEvents: nothing,
  optimizationEvents: nothing,
  events: nothing,
});

function messagesOf(query: string, operationName?: string): string[] {
  const read = readOperation(schema, { query, ...(operationName !== undefined && { operationName }) });
  return Array.isArray(read) ? read.map((error) => (error as GraphQLError).message) : [];
}

describe('readOperation', () => {
  it('takes the subscriptions of the interface', () => {
    expect(messagesOf('subscription { executionEvents(id: "e", after: 0) { sequence type field delta } }')).toEqual([]);
    for (const resource of ['batch', 'evaluation', 'optimization']) {
      const guide = resource === 'batch' ? 'batches.md' : `${resource}s.md`;
      const [documented = 'nothing'] = documentedQueries(guide, [`${resource}Events`]);
      expect(messagesOf(documented)).toEqual([]);
    }
    const filter = '{ program: { eq: "qa" }, status: { in: ["failed"] } }';
    expect(messagesOf(`subscription { events(after: 9007199254740991, filter: ${filter}) { sequence data } }`)).toEqual(
      [],
    );
  });

  it('says what is wrong with a document, and sends others to POST /graphql', () => {
    expect(messagesOf('subscription {')[0]).toContain('Syntax Error');
    expect(messagesOf('subscription { nothing }')[0]).toContain('Cannot query field "nothing"');
    expect(messagesOf('{ programs { id } }')[0]).toContain('POST /graphql');
    expect(messagesOf('mutation { readMood }')[0]).toContain('POST /graphql');
    expect(messagesOf('subscription A { events { id } } subscription B { events { id } }', 'B')).toEqual([]);
  });

  it('holds documents to the limits of all others', () => {
    const fields = Array.from({ length: 4_001 }, () => 'id').join(' ');
    expect(messagesOf(`subscription { events { ${fields} } }`)[0]).toContain('token');
    const fragments = Array.from({ length: CALLER_LIMITS.depth + 1 }, () => '... on Event {').join(' ');
    expect(messagesOf(`subscription { events { ${fragments} id ${'}'.repeat(CALLER_LIMITS.depth + 1)} } }`)).toEqual(
      [],
    );
  });
});
