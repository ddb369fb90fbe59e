import { checkStorable } from '@dspy-nest/platform';
import type { SignatureCreateV1 } from '@dspy-nest/contracts';
import { hashSpec, parseSignature, SignatureSyntaxError, type Field, type SignatureSpec } from '@dspy-nest/signature';
import { InvalidSignatureError } from './signatures.errors';

/** All that a version of a signature says. */
export interface SignatureContent {
  definition: string;
  hash: string;
  instructions: string | null;
  description: string | null;
  inputs: Field[];
  outputs: Field[];
}

type Changes = Partial<Omit<SignatureCreateV1, 'name'>>;

/** Reads a new signature; `pointer` says where the definition stood. Throws InvalidSignatureError, ValidationFailedError. */
export function newSignatureContent(
  request: Changes & { definition: string },
  pointer = '/definition',
): SignatureContent {
  const { definition, inputs, outputs } = readDefinition(request.definition, pointer);
  return withHash({ definition, inputs, outputs, ...readTexts(request, { instructions: null, description: null }) });
}

/** What a request makes of the content so far; an empty text takes one away. Throws as newSignatureContent. */
export function changedSignatureContent(
  request: Changes,
  current: SignatureContent,
  pointer = '/definition',
): SignatureContent {
  const { definition, inputs, outputs } =
    request.definition === undefined ? current : readDefinition(request.definition, pointer);
  return withHash({ definition, inputs, outputs, ...readTexts(request, current) });
}

/** Whether two contents say the same, so that no new version is due. */
export function sameSignatureContent(one: SignatureContent, other: SignatureContent): boolean {
  return one.hash === other.hash && one.description === other.description;
}

type Texts = Pick<SignatureContent, 'instructions' | 'description'>;

function readTexts(request: Changes, current: Texts): Texts {
  const { instructions = current.instructions, description = current.description } = request;
  checkStorable({ instructions, description });
  return { instructions: instructions || null, description: description || null };
}

function readDefinition(text: string, pointer: string): SignatureSpec {
  checkStorable({ [pointer.slice(1)]: text });
  try {
    return parseSignature(text);
  } catch (error) {
    if (error instanceof SignatureSyntaxError) throw new InvalidSignatureError(error, pointer);
    throw error;
  }
}

function withHash(content: Omit<SignatureContent, 'hash'>): SignatureContent {
  return { ...content, hash: hashSpec({ ...content, instructions: content.instructions ?? undefined }) };
}
