import { executedOutputs, parseSignature } from './index';

const names = (text: string, module: string): string[] =>
  executedOutputs(parseSignature(text), module).map((field) => field.name);

describe('executedOutputs', () => {
  it('are the outputs of the signature for Predict', () => {
    expect(names('question -> answer', 'Predict')).toEqual(['answer']);
  });

  it('begin with a reasoning for ChainOfThought', () => {
    const [first] = executedOutputs(parseSignature('question -> answer'), 'ChainOfThought');
    expect(first).toEqual({ name: 'reasoning', type: 'reasoning', optional: false });
    expect(names('question -> answer', 'ChainOfThought')).toEqual(['reasoning', 'answer']);
  });

  it('keep a reasoning that is declared', () => {
    const outputs = executedOutputs(parseSignature('question -> answer, reasoning: reasoning'), 'ChainOfThought');
    expect(outputs.map(({ name, type }) => [name, type])).toEqual([
      ['answer', 'string'],
      ['reasoning', 'reasoning'],
    ]);
  });
});
