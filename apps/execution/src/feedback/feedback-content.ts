import {
  CORRECTION_MAX_CHARS,
  type ErrorItem,
  type FeedbackCreateV1,
  type JsonObject,
  SCORE_NAME_DEFAULT,
} from '@dspy-nest/contracts';
import { checkStorable, isStorable, ValidationFailedError } from '@dspy-nest/platform';
import { coerceField, type Field, printType, type SignatureSpec } from '@dspy-nest/signature';
import { pointerTo } from '../programs/json-pointer';
import type { FeedbackEntity } from './feedback.entity';

const NAME_SHOWN_CHARS = 100;

/** What a feedback says beside its correction. */
export type FeedbackContent = Pick<FeedbackEntity, 'name' | 'score' | 'comment' | 'source' | 'author'>;

/** What is kept of a feedback. Throws ValidationFailedError when it says nothing, names no score or cannot be stored. */
export function readContent({ name, score, comment, correction, source, author }: FeedbackCreateV1): FeedbackContent {
  if (score === undefined && comment === undefined && correction === undefined) {
    throw invalid('', 'empty_feedback', 'A feedback needs a score, a comment or a correction.');
  }
  if (name !== undefined && score === undefined) {
    throw invalid('/name', 'name_without_score', 'A name says what a score is about; give a score, or no name.');
  }
  checkStorable({ comment, author });
  return {
    name: score === undefined ? null : (name ?? SCORE_NAME_DEFAULT),
    score: score === undefined ? null : Number(score),
    comment: comment ?? null,
    source: source ?? 'human',
    author: author ?? null,
  };
}

/**
 * A correction by the types of the outputs of a signature, some of which it names. What has the form of a type but not its type
 * becomes it, as in datasets. Throws ValidationFailedError that names each wrong output.
 */
export function readCorrection({ name, outputs }: SignatureSpec, given: Record<string, unknown>): JsonObject {
  if (JSON.stringify(given).length > CORRECTION_MAX_CHARS) {
    const message = `A correction has at most ${CORRECTION_MAX_CHARS} characters as JSON; name only the outputs that were wrong.`;
    throw invalid('/correction', 'correction_too_large', message);
  }
  const fields = new Map(outputs.map((field) => [field.name, field]));
  const known = [...fields.keys()].join(', ');
  const read: Record<string, unknown> = {};
  const errors: ErrorItem[] = [];
  for (const [output, value] of Object.entries(given)) {
    const field = fields.get(output);
    const shown = output.slice(0, NAME_SHOWN_CHARS).toWellFormed();
    const pointer = pointerTo('/correction', shown);
    if (field === undefined) {
      const message = `"${shown}" is no output of ${name}; it has ${known}.`;
      errors.push({ pointer, code: 'unknown_field', message });
    } else readOutput(field, value, { pointer, read, errors });
  }
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
  if (Object.keys(read).length > 0) return read as JsonObject;
  throw invalid('/correction', 'empty_correction', `A correction names at least one output of ${name}: ${known}.`);
}

interface Reading {
  readonly pointer: string;
  readonly read: Record<string, unknown>;
  readonly errors: ErrorItem[];
}

function readOutput(field: Field, given: unknown, { pointer, read, errors }: Reading): void {
  const { value, fits } = coerceField(field, given, pointer);
  if (fits && isStorable(value)) {
    read[field.name] = value;
    return;
  }
  const within = field.constraints === undefined ? '' : ` within ${JSON.stringify(field.constraints)}`;
  errors.push({
    pointer,
    code: 'invalid_value',
    message: `"${field.name}" must be ${printType(field.type)}${within}.`,
  });
}

function invalid(pointer: string, code: string, message: string): ValidationFailedError {
  return new ValidationFailedError(message, [{ pointer, code, message }]);
}
