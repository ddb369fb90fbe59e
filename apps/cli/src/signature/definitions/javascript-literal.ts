import type { FoundDefinition, Stretch } from './definition';

// In the order in which a reader of JavaScript tries them; a line break in a template is always "\n" to the program.
const escapes =
  /\\(?:u\{(?<point>[0-9a-fA-F]+)\}|u(?<unit>[0-9a-fA-F]{4})|x(?<byte>[0-9a-fA-F]{2})|(?<octal>[0-3][0-7]{0,2}|[4-7][0-7]?)|(?<joined>\r\n|[\n\r\u2028\u2029])|(?<other>[^]))|(?<lineBreak>\r\n?)/gu;

const oneCharacter: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Reads what stands between the quotes of a string, a template without holes, or a string of JSON, which begins at `offset`. */
export function readLiteral(raw: string, offset: number): Pick<FoundDefinition, 'text' | 'stretches'> {
  const stretches: Stretch[] = [];
  let text = '';
  let read = 0;
  const add = (value: string, length: number): void => {
    stretches.push({ at: text.length, offset: offset + read, length });
    text += value;
    read += length;
  };
  for (const { 0: escape, index, groups } of raw.matchAll(escapes)) {
    add(raw.slice(read, index), index - read);
    add(valueOf(groups ?? {}), escape.length);
  }
  add(raw.slice(read), raw.length - read);
  return { text, stretches };
}

function valueOf({ point, unit, byte, octal, joined, other }: Record<string, string | undefined>): string {
  const hexadecimal = point ?? unit ?? byte;
  if (hexadecimal !== undefined) return fromCode(Number.parseInt(hexadecimal, 16));
  if (octal !== undefined) return fromCode(Number.parseInt(octal, 8));
  if (joined !== undefined) return '';
  return other === undefined ? '\n' : (oneCharacter[other] ?? other);
}

// A number too high for a character is an error of the program, which its compiler reports.
function fromCode(code: number): string {
  return code > 0x10_ff_ff ? '' : String.fromCodePoint(code);
}
