import type { JsonObject, ModelConnectionV1 } from '@dspy-nest/contracts';
import { type Field, printType } from '@dspy-nest/signature';
import type { Demo, NativeProgram } from './native-program';
import { type StreamedField, streamedFields } from './streaming/streamed-fields';

/** One message of a prompt. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** An answer that could not be read, and why. */
export interface UnreadAnswer {
  readonly text: string;
  readonly problem: string;
}

// OpenAI's reasoning models refuse max_tokens; every other compatible server knows only that name.
const REASONING_MODEL = /^(o[1345]|gpt-5)(?!\d)/;
const REPEATED_MAX_CHARS = 8_000;

/** A program version with what of its requests is the same for all inputs; texts of JSON, so that no call writes them again. */
export interface PreparedProgram extends NativeProgram {
  /** What is to be done, and solved examples. */
  readonly opening: readonly ChatMessage[];
  /** The opening without the brackets around it. */
  readonly openingJson: string;
  readonly responseFormatJson: string;
  /** The outputs that can be told while they come in. */
  readonly streamed: ReadonlyMap<string, StreamedField>;
}

/** Renders what does not depend on inputs, once for many executions. */
export function prepareProgram(program: NativeProgram): PreparedProgram {
  const opening: ChatMessage[] = [
    { role: 'system', content: systemText(program) },
    ...program.demos.flatMap((demo) => demoMessages(program, demo)),
  ];
  const format = { type: 'json_schema', json_schema: { name: 'outputs', ...program.schema } };
  return {
    ...program,
    opening,
    openingJson: JSON.stringify(opening).slice(1, -1),
    responseFormatJson: JSON.stringify(format),
    streamed: streamedFields(program.outputs),
  };
}

/** What follows the opening in the prompt of one execution: the inputs and, after an unreadable answer, what was wrong. */
export function turnMessages(
  program: Pick<NativeProgram, 'inputs'>,
  inputs: JsonObject,
  unread?: UnreadAnswer,
): ChatMessage[] {
  const messages: ChatMessage[] = [{ role: 'user', content: valuesText(program.inputs, inputs) }];
  if (unread !== undefined) {
    messages.push({ role: 'assistant', content: unread.text.slice(0, REPEATED_MAX_CHARS) });
    messages.push({
      role: 'user',
      content: `${unread.problem} Answer again with the whole JSON object and nothing else.`,
    });
  }
  return messages;
}

/** The body of the request to the chat route: the opening of the program, then `turns`. A streamed answer is asked for as events. */
export function chatBody(
  program: PreparedProgram,
  { model, capabilities }: Pick<ModelConnectionV1, 'model' | 'capabilities'>,
  turns: readonly ChatMessage[],
  isStreamed = false,
): string {
  const { temperature, maxTokens, topP } = program.sampling;
  const settings = JSON.stringify({
    model,
    temperature,
    top_p: topP,
    [REASONING_MODEL.test(model) ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    ...(isStreamed && { stream: true, stream_options: { include_usage: true } }),
  });
  const said = turns.map((turn) => `,${JSON.stringify(turn)}`).join('');
  const format = capabilities.jsonSchema ? `,"response_format":${program.responseFormatJson}` : '';
  return `${settings.slice(0, -1)},"messages":[${program.openingJson}${said}]${format}}`;
}

function systemText({ instructions, inputs, outputs }: NativeProgram): string {
  const names = (fields: readonly Field[]): string => fields.map(({ name }) => `\`${name}\``).join(', ');
  const task = instructions === '' ? `Given ${names(inputs)}, produce ${names(outputs)}.` : instructions;
  return [
    task,
    `You are given these fields:\n${inputs.map(fieldLine).join('\n')}`,
    `Answer with one JSON object with these members, in this order, and nothing else:\n${outputs.map(fieldLine).join('\n')}`,
  ].join('\n\n');
}

function fieldLine({ name, type, constraints, description, optional }: Field): string {
  const limited = constraints === undefined ? type : ({ kind: 'constrained', of: type, constraints } as const);
  const kind = `${printType(limited)}${optional ? ' or null' : ''}`;
  return `- \`${name}\` (${kind})${description === undefined || description === '' ? '' : `: ${description}`}`;
}

function demoMessages({ inputs, outputs }: NativeProgram, demo: Demo): ChatMessage[] {
  const answered = outputs
    .filter(({ name }) => Object.hasOwn(demo, name))
    .map(({ name }) => [name, demo[name]] as const);
  if (answered.length === 0) return [];
  return [
    { role: 'user', content: valuesText(inputs, demo) },
    { role: 'assistant', content: JSON.stringify(Object.fromEntries(answered)) },
  ];
}

function valuesText(fields: readonly Field[], values: Readonly<Record<string, unknown>>): string {
  const given = fields.filter(({ name }) => Object.hasOwn(values, name));
  return JSON.stringify(Object.fromEntries(given.map(({ name }) => [name, values[name]])), null, 1);
}
