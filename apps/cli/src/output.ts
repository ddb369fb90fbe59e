import { styleText } from 'node:util';

/** Writes words in a style, or as they are. */
export type Paint = (style: 'bold' | 'red', text: string) => string;

/** Styles for a stream: only on a terminal, and not when `NO_COLOR` is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** A text of others on one line of a terminal, which must not obey it. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** A value as a machine reads it, and a person can. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
