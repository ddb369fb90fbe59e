import { signature, type Inputs } from './index';

describe('signature', () => {
  it('carries the spec of its text', () => {
    const qa = signature('question -> answer: str', { name: 'Qa', instructions: 'Be brief.' });
    const inputs: Inputs<typeof qa> = { question: 'Why?' };
    expect(inputs).toEqual({ question: 'Why?' });
    expect(qa.text).toBe('question -> answer: str');
    expect(qa.spec).toMatchObject({
      name: 'Qa',
      definition: 'question: string -> answer: string',
      instructions: 'Be brief.',
    });
  });

  it('throws for an unknown text what the compiler says of a literal', () => {
    const text: string = 'question -> answer: strin';
    expect(() => signature(text)).toThrow('Unknown type "strin" of field "answer".');
  });
});
