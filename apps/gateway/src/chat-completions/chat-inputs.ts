import type { JsonObject } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { printType, type Field, type SignatureSpec } from '@dspy-nest/signature';
import { parseJsonBody } from '../input/json-body';
import type { AskedProgram } from '../openai-models/openai-models.service';
import type { ChatMessage } from './chat-request';
import { isText } from './text-fields';

/** The inputs that take what comes before the last message. */
const SYSTEM_INPUT = 'system';
const HISTORY_INPUT = 'history';

/**
 * The inputs of a program in the messages of a chat. The last message has them, as a JSON object or as the text of the one input
 * that must be given. What comes before goes to the inputs `system` and `history`; a program without them is not told half of a
 * chat: then ValidationFailedError is thrown.
 */
export function toInputs(messages: readonly ChatMessage[], program: AskedProgram): Record<string, unknown> {
  const last = messages.at(-1)!;
  if (last.role !== 'user') {
    throw refused(messages.length - 1, 'role', 'The last message must have the role "user": it holds the inputs.');
  }
  const earlier = earlierInputs(messages.slice(0, -1), program);
  const own = inputsOf(textOf(last), messages.length - 1, program);
  const twice = Object.keys(own).find((name) => Object.hasOwn(earlier, name));
  if (twice === undefined) return { ...earlier, ...own };
  const message = `The input "${twice}" is given twice: by earlier messages and in the JSON of the last one. Give it once.`;
  throw refused(messages.length - 1, 'content', message);
}

function earlierInputs(messages: readonly ChatMessage[], { name, signature }: AskedProgram): Record<string, unknown> {
  const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const [system, turns] = [messages.filter(isSystem), messages.filter((message) => !isSystem(message))];
  const inputs: Record<string, unknown> = {};
  if (system.length > 0) {
    if (!takes(signature, SYSTEM_INPUT)) throw notTaken(messages.indexOf(system[0]!), name, SYSTEM_INPUT);
    inputs[SYSTEM_INPUT] = system.map(textOf).join('\n\n');
  }
  if (turns.length > 0) {
    if (!takes(signature, HISTORY_INPUT)) throw notTaken(messages.indexOf(turns[0]!), name, HISTORY_INPUT);
    inputs[HISTORY_INPUT] = turns.map((turn) => ({ role: turn.role, content: textOf(turn) }));
  }
  return inputs;
}

const takes = ({ inputs }: SignatureSpec, name: string): boolean => inputs.some((input) => input.name === name);

function notTaken(index: number, program: string, input: typeof SYSTEM_INPUT | typeof HISTORY_INPUT): Error {
  const messages = input === SYSTEM_INPUT ? 'messages of the system' : 'earlier turns of a chat';
  const field = input === SYSTEM_INPUT ? 'system: string?' : 'history: list[object{ role: string, content: string }]?';
  const remedy = `Send the last message alone, or declare the input "${field}", which they are given to.`;
  return refused(index, 'role', `The program "${program}" takes no ${messages}. ${remedy}`);
}

function textOf({ content }: ChatMessage): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}

function inputsOf(text: string, index: number, { name, signature }: AskedProgram): Record<string, unknown> {
  const object = jsonObjectOf(text);
  if (object !== undefined) return object;
  const required = signature.inputs.filter(isRequired);
  const [only] = required;
  if (only !== undefined && required.length === 1 && isText(only.type)) return { [only.name]: text };
  const fields = signature.inputs.map(({ name: field, type, optional }) => {
    return `${field}: ${printType(type)}${optional ? '?' : ''}`;
  });
  const message = `The program "${name}" takes more than a text: send a JSON object with its inputs, ${fields.join(', ')}, as the last message.`;
  throw refused(index, 'content', message);
}

function isRequired({ name, optional, default: given }: Field): boolean {
  return !optional && given === undefined && name !== SYSTEM_INPUT && name !== HISTORY_INPUT;
}

/** A text that only looks like JSON is a text. Throws what a body throws that nests too deep or has a forbidden name. */
function jsonObjectOf(text: string): JsonObject | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  try {
    JSON.parse(trimmed);
  } catch {
    return undefined;
  }
  return parseJsonBody(trimmed);
}

function refused(index: number, member: 'role' | 'content', message: string): ValidationFailedError {
  return new ValidationFailedError(message, [
    { pointer: `/messages/${index}/${member}`, code: 'invalid_message', message },
  ]);
}
