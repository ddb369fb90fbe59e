import { parseSignature } from '@dspy-nest/signature';
import { toInputs } from './chat-inputs';
import type { ChatMessage } from './chat-request';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const read = (definition: string, ...messages: ChatMessage[]): unknown => {
  const signature = parseSignature(definition, { name: 'Tested' });
  return toInputs(messages, { name: 'tested', version: 1, signature });
};

it.each([
  ['question -> a', 'Why?', { question: 'Why?' }],
  ['day: date, hours: int = 8, note: string? -> a', '2026-01-05', { day: '2026-01-05' }],
  ['history: list[json], system: string, question -> a', 'Why?', { question: 'Why?' }],
  ['n: int -> a', '{"n": 1}', { n: 1 }],
  ['question -> a', '"Why?"', { question: '"Why?"' }],
  ['question -> a', '[{}]', { question: '[{}]' }],
])('of %s and %s are %j', (definition, text, inputs) => {
  expect(read(definition, user(text))).toEqual(inputs);
});

it.each([
  ['n: int -> a', '1', 'takes more than a text'],
  ['one, other -> a', 'Why?', 'its inputs, one: string, other: string, as the last message'],
  ['one: string?, other: string? -> a', 'Why?', 'one: string?, other: string?'],
  ['data: json -> a', `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`, 'nests deeper than 64 levels'],
  ['data: json -> a', '{"__proto__": {}}', 'never accepted'],
])('of %s are not in %s', (definition, text, message) => {
  expect(() => read(definition, user(text))).toThrow(message);
});
