import * as subjects from './subjects';

const GRAMMAR = /^dspy\.(cmd|qry|stream)\.[a-z]+\.[a-z-]+\.[a-z]+\.v\d+$/;
const requests = Object.values<string>(subjects.REQUESTS);
const signals = Object.values<string>(subjects.SIGNALS);

/** Whether NATS would deliver `subject` to a subscription of `filter`. */
function matches(filter: string, subject: string): boolean {
  const pattern = filter.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace(/>$/, '.+');
  return new RegExp(`^${pattern}$`).test(subject);
}

describe('subjects', () => {
  it.each([...requests, ...signals, subjects.subgraphOf('registry'), subjects.healthOf('execution')])(
    '%s keeps to the grammar',
    (subject) => expect(subject).toMatch(GRAMMAR),
  );

  it('are all different', () => {
    expect(new Set([...requests, ...signals]).size).toBe(requests.length + signals.length);
  });

  it('gives every replica an address of its own beside the shared one', () => {
    const addresses = [
      subjects.completeAtReplica('r1'),
      subjects.completeAtReplica('r2'),
      subjects.REQUESTS.executionComplete,
    ];
    expect(new Set(addresses).size).toBe(3);
    addresses.forEach((address) => expect(address).toMatch(/^dspy\.cmd\.execution\.execution(-r\d)?\.complete\.v1$/));
  });

  it('puts a job where its stream and the consumer of its pool and lane, and no other, take it', () => {
    const job = subjects.jobSubject('default', 'interactive', 'id-1');
    expect(matches(subjects.STREAM_SUBJECTS.jobs, job)).toBe(true);
    expect(matches(subjects.jobFilter('default', 'interactive'), job)).toBe(true);
    expect(matches(subjects.jobFilter('default', 'batch'), job)).toBe(false);
    expect(matches(subjects.STREAM_SUBJECTS.events, job)).toBe(false);
  });

  it('puts an event where its stream and the filter of its entity, for any tenant, take it', () => {
    const event = subjects.eventSubject('acme', 'registry', 'program', 'published');
    expect(matches(subjects.STREAM_SUBJECTS.events, event)).toBe(true);
    expect(matches(subjects.eventFilter('registry', 'program'), event)).toBe(true);
    expect(matches(subjects.eventOfEveryTenant('registry', 'program', 'published'), event)).toBe(true);
    expect(matches(subjects.eventFilter('registry', 'model'), event)).toBe(false);
    expect(subjects.tenantOf(event)).toBe('acme');
  });

  it('puts a public request of one tenant, and no other, where a grant for the tenant takes it', () => {
    const request = subjects.publicRequest('programExecute', 'acme');
    expect(matches(subjects.PUBLIC_REQUESTS.programExecute, request)).toBe(true);
    expect(matches('dspy.req.acme.>', request)).toBe(true);
    expect(matches('dspy.req.other.>', request)).toBe(false);
    expect(subjects.tenantOf(request)).toBe('acme');
    expect(Object.values(subjects.STREAM_SUBJECTS).filter((stream) => matches(stream, request))).toEqual([]);
  });

  it('puts every chunk of a payload, and no other, below its id', () => {
    const chunk = subjects.payloadChunk('id-1', 'a'.repeat(64), '0');
    expect(matches(subjects.STREAM_SUBJECTS.payloads, chunk)).toBe(true);
    expect(matches(subjects.payloadChunks('id-1'), chunk)).toBe(true);
    expect(matches(subjects.payloadChunks('id-2'), chunk)).toBe(false);
    expect(matches(subjects.STREAM_SUBJECTS.jobs, chunk)).toBe(false);
  });

  it('puts the tokens of one execution where their stream takes them, and what it sends again where it does not', () => {
    const tokens = subjects.tokenSubject('acme', 'id-1');
    const stored = subjects.storedTokenSubject('acme', 'id-1');
    expect(matches(subjects.STREAM_SUBJECTS.tokens, tokens)).toBe(true);
    expect(matches(subjects.STORED_TOKENS.src, tokens)).toBe(true);
    expect(matches(subjects.STORED_TOKENS.dest, stored)).toBe(true);
    expect(stored).toBe(tokens.replace('dspy.token.', 'dspy.stored-token.'));
    expect(Object.values(subjects.STREAM_SUBJECTS).filter((stream) => matches(stream, stored))).toEqual([]);
  });

  it('keeps requests and signals out of the streams', () => {
    const streams = Object.values(subjects.STREAM_SUBJECTS);
    const caught = [...requests, ...signals].filter((subject) => streams.some((stream) => matches(stream, subject)));
    expect(caught).toEqual([]);
  });

  it.each(['a.b', '*', '>', '', 'a b', 'a\n', 'é'])('refuses %j as a token', (token) => {
    expect(() => subjects.jobSubject(token, 'interactive', 'id')).toThrow(RangeError);
    expect(() => subjects.eventSubject(token, 'registry', 'program', 'updated')).toThrow(/subject token/);
    expect(() => subjects.completeAtReplica(token)).toThrow(RangeError);
    expect(() => subjects.publicRequest('programExecute', token)).toThrow(RangeError);
    expect(() => subjects.workerDurable('default', token)).toThrow(RangeError);
    expect(() => subjects.payloadChunk(token, 'a', '0')).toThrow(RangeError);
  });
});
