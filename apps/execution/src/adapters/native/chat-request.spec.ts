import type { ProgramVersionV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { chatBody, type ChatMessage, prepareProgram, turnMessages } from './chat-request';
import { nativeProgram } from './native-program';

const version: ProgramVersionV1 = {
  tenant: 'default',
  programId: '00000000-0000-4000-8000-000000000000',
  name: 'mood',
  version: 1,
  hash: 'a'.repeat(64),
  signature: parseSignature('message "what was said" -> mood: enum["good", "bad"]', { name: 'Mood' }),
  module: 'Predict',
  model: null,
  adapter: 'native',
  format: 'auto',
  config: { temperature: 0.5 },
  state: null,
};

const predictor = {
  demos: [{ message: 'Lovely', reasoning: ['It praises.'], mood: 'good' }, { message: 'only an input' }],
  signature: {
    instructions: 'Judge the mood.',
    fields: [{ description: 'a line' }, { description: '${reasoning}' }, { description: 'of the writer' }],
  },
  lm: { temperature: 0.1, top_p: 0.9 },
};

const prepared = (change: Partial<ProgramVersionV1> = {}) => prepareProgram(nativeProgram({ ...version, ...change }));
const asked = (program = prepared(), turns = turnMessages(program, { message: 'Hm' })) =>
  JSON.parse(chatBody(program, model, turns)) as { messages: ChatMessage[] } & Record<string, unknown>;

const model = { model: 'm', capabilities: { grammar: false, jsonSchema: true } };

describe('the prompt of a native program', () => {
  it('says what is given and what is asked', () => {
    const { messages } = asked();
    const [system, user] = messages;
    expect(messages).toHaveLength(2);
    expect(system?.content).toContain('- `message` (string): what was said');
    expect(system?.content).toContain('- `mood` (enum["good", "bad"])');
    expect(JSON.parse(user!.content)).toEqual({ message: 'Hm' });
  });

  it('has what was learned: instructions, descriptions, demos in the order of ChainOfThought, sampling', () => {
    const { messages, ...settings } = asked(prepared({ module: 'ChainOfThought', state: { predict: predictor } }));
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toMatch(/^Judge the mood\..*`message` \(string\): a line.*: of the writer$/s);
    expect(messages[2]?.content).toBe('{"reasoning":["It praises."],"mood":"good"}');
    expect(settings).toMatchObject({ model: 'm', temperature: 0.5, top_p: 0.9 });
  });

  it('shows an unreadable answer and what was wrong with it', () => {
    const unread = { text: 'Good!', problem: 'There is no value for the output "mood".' };
    const messages = turnMessages(prepared(), { message: 'Hm' }, unread);
    expect(messages.slice(-2).map(({ content }) => content)).toEqual([
      'Good!',
      expect.stringContaining(unread.problem),
    ]);
  });

  it('asks by schema only a model that knows schemas, strictly where the rules allow', () => {
    const strictness = (definition: string, jsonSchema: boolean): unknown => {
      const program = prepared({ signature: parseSignature(definition, { name: 'Any' }) });
      const body = chatBody(program, { model: 'm', capabilities: { grammar: false, jsonSchema } }, []);
      const { response_format: format } = JSON.parse(body) as {
        response_format?: { json_schema: { strict: boolean } };
      };
      return format?.json_schema.strict;
    };
    expect(strictness('a -> b: int', true)).toBe(true);
    expect(strictness('a -> b: json', true)).toBe(false);
    expect(strictness('a -> b: int', false)).toBeUndefined();
  });
});
