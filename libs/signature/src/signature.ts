import type { Fault } from './errors';
import type { FieldOf, flatten } from './object';
import { parseSignature, type ParseOptions } from './parse';
import type { SignatureSpec } from './spec';

/** A signature in a program's text; `Text` carries the types of its inputs and outputs. */
export interface Signature<Text extends string = string> {
  readonly text: Text;
  readonly spec: SignatureSpec;
}

// A text not known at compile time (string, or a template with a hole) makes an index signature here, and so no member.
type isLiteral<Text extends string> = {} extends Record<Text, 1> ? false : true;

// Each of several texts is judged by itself.
type checkText<Text extends string> = Text extends string
  ? isLiteral<Text> extends true
    ? parseSignature<Text> extends Fault<infer Message>
      ? Message
      : Text
    : Text
  : never;

/** Reads a signature; a literal with an error does not compile and says why, any other text throws `SignatureSyntaxError`. */
export function signature<const Text extends string>(
  text: Text extends checkText<Text> ? Text : checkText<Text>,
  options?: ParseOptions,
): Signature<Text> {
  return { text: text as Text, spec: parseSignature(text, options) };
}

type sides<Of> =
  Of extends Signature<infer Text>
    ? Text extends string
      ? isLiteral<Text> extends true
        ? parseSignature<Text>
        : undefined
      : never
    : undefined;

/** The inputs a caller gives: optional ones may be absent or null, those with a default absent. Loose for an unknown text. */
export type Inputs<Of> = inputsOf<sides<Of>>;

/** The outputs an execution answers with: optional ones may be null. Loose for an unknown text. */
export type Outputs<Of> = outputsOf<sides<Of>>;

type inputsOf<Sides> = Sides extends { inputs: infer Fields extends FieldOf }
  ? flatten<
      { [F in Fields as F['omissible'] extends true ? never : F['name']]: F['type'] } & {
        [F in Fields as F['omissible'] extends true ? F['name'] : never]?: nullableType<F>;
      }
    >
  : Record<string, unknown>;

type outputsOf<Sides> = Sides extends { outputs: infer Fields extends FieldOf }
  ? { [F in Fields as F['name']]: nullableType<F> }
  : Record<string, unknown>;

type nullableType<F extends FieldOf> = F['optional'] extends true ? F['type'] | null : F['type'];
