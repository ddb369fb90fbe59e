import { ValidationFailedError } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { changedSignatureContent, newSignatureContent, sameSignatureContent } from './signature-content';
import { InvalidSignatureError } from './signatures.errors';

const DEFINITION = 'question: string -> answer: string';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('newSignatureContent', () => {
  it('keeps the canonical definition and the hash of the language', () => {
    const content = newSignatureContent({ definition: 'question->answer:str', instructions: 'Be brief.' });
    const spec = parseSignature(DEFINITION, { instructions: 'Be brief.' });
    expect(content).toEqual({
      definition: spec.definition,
      hash: spec.hash,
      instructions: 'Be brief.',
      description: null,
      inputs: spec.inputs,
      outputs: spec.outputs,
    });
  });

  it('tells each place of a syntax error, with the pointer to the text', () => {
    const error = thrownBy(() => newSignatureContent({ definition: 'question: strin -> answer: foo' }));
    expect(error).toBeInstanceOf(InvalidSignatureError);
    const [first, second] = (error as InvalidSignatureError).details.errors ?? [];
    expect(first).toMatchObject({ pointer: '/definition', offset: 10, line: 1, column: 11, length: 5 });
    expect(first?.hint).toContain('string');
    expect(second).toMatchObject({ pointer: '/definition', column: 28 });
  });

  it('points to where an inline definition stood', () => {
    const error = thrownBy(() => newSignatureContent({ definition: 'question ->' }, '/signature'));
    expect((error as InvalidSignatureError).details.errors?.[0]?.pointer).toBe('/signature');
  });

  it('refuses texts that cannot be stored', () => {
    const create = (): unknown => newSignatureContent({ definition: DEFINITION, instructions: 'a\0b' });
    expect(create).toThrow(ValidationFailedError);
  });
});

describe('changedSignatureContent', () => {
  const current = newSignatureContent({ definition: DEFINITION, instructions: 'Be brief.', description: 'Answers.' });

  it('is the same when another spelling says the same', () => {
    const changed = changedSignatureContent({ definition: 'question: str -> answer' }, current);
    expect(sameSignatureContent(changed, current)).toBe(true);
  });

  it('keeps what is not named and hashes anew', () => {
    const changed = changedSignatureContent({ instructions: 'Be long.' }, current);
    expect(changed).toMatchObject({
      definition: current.definition,
      description: 'Answers.',
      instructions: 'Be long.',
    });
    expect(changed.hash).toBe(parseSignature(DEFINITION, { instructions: 'Be long.' }).hash);
  });

  it('takes instructions away on an empty text, as if there never were any', () => {
    const changed = changedSignatureContent({ instructions: '' }, current);
    expect(changed.instructions).toBeNull();
    expect(changed.hash).toBe(parseSignature(DEFINITION).hash);
  });

  it('sees a changed description although the hash stays', () => {
    const changed = changedSignatureContent({ description: 'Answers well.' }, current);
    expect(changed.hash).toBe(current.hash);
    expect(sameSignatureContent(changed, current)).toBe(false);
  });
});
