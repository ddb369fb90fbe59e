import {
  CloudEvent,
  ExecutionCreateV1,
  ExecutionRunV1,
  ModelConnectionV1,
  ProgramVersionV1,
  SignatureSpec,
} from '@dspy-nest/contracts';
import { executionCreate, executionRun, jobEvent, modelConnection, programVersion, signatureSpec } from './factories';

describe('factories', () => {
  it.each([
    ['signatureSpec', SignatureSpec, signatureSpec()],
    ['programVersion', ProgramVersionV1, programVersion()],
    ['modelConnection', ModelConnectionV1, modelConnection()],
    ['executionCreate', ExecutionCreateV1, executionCreate()],
    ['executionRun', ExecutionRunV1, executionRun('reply')],
    ['jobEvent', CloudEvent, jobEvent(executionRun('reply'))],
  ])('%s makes what its contract accepts', (_name, schema, made) => {
    expect(schema.safeParse(made)).toEqual({ success: true, data: made });
  });

  it('gives other content another hash, and the same content the same', () => {
    const hashes = [programVersion(), programVersion(), programVersion({ module: 'ChainOfThought' })].map(
      ({ hash }) => hash,
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
    expect(signatureSpec('a -> b').hash).not.toBe(signatureSpec('a -> b', { instructions: 'Be brief.' }).hash);
  });

  it('makes ids of its own each time', () => {
    expect(executionCreate().id).not.toBe(executionCreate().id);
  });
});
