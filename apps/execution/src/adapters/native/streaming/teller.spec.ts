import type { StreamedEventV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { streamedFields } from './streamed-fields';
import { Teller } from './teller';

function telling(definition: string): { teller: Teller; told: StreamedEventV1[] } {
  const told: StreamedEventV1[] = [];
  const { outputs } = parseSignature(definition, { name: 'Told' });
  const teller = new Teller(streamedFields(outputs), 2, (events) => told.push(...events));
  return { teller, told };
}

const token = (delta: string): StreamedEventV1 => ({ type: 'token', field: 'answer', delta });
const RESTARTED: StreamedEventV1 = { type: 'restarted', attempt: 2 };

describe('Teller', () => {
  it('begins anew with another call, if something was told', () => {
    const { teller, told } = telling('q -> answer');
    teller.beginCall();
    teller.beginCall();
    teller.hear('{"answer": "a');
    teller.beginCall();
    teller.hear('{"answer": "b"}');
    teller.endCall();
    teller.finish({ answer: 'b' });
    expect(told).toEqual([token('a'), RESTARTED, token('b')]);
  });

  it('tells what is missing of an output, or all of it anew', () => {
    const { teller, told } = telling('q -> answer');
    teller.beginCall();
    teller.hear('{"answer": "a');
    teller.endCall();
    teller.finish({ answer: 'ab' });
    expect(told).toEqual([token('a'), token('b')]);
    teller.finish({ answer: 'c' });
    expect(told.slice(2)).toEqual([RESTARTED, token('c')]);
  });

  it('tells that a model is called where no output can be told', () => {
    const { teller, told } = telling('q -> score: int');
    teller.beginCall();
    teller.hear('{"score": 1}');
    teller.endCall();
    teller.finish({ score: 1 });
    expect(told).toEqual([{ type: 'status', message: 'Model call 1.' }]);
  });
});
