// Reads JSON as models write it, in linear time and without inventing a value. Mended are: single and typographic quotes,
// unescaped quotes and line breaks in texts, trailing and missing commas at the end, names without quotes, Python's and
// JavaScript's words for true, false and null, and brackets left open.

const maxDepth = 64;
const space = /\s*/y;
const bareWord = /[^\s,:{}[\]"'“”]+(?:[ \t]+[^\s,:{}[\]"'“”]+)*/y;
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const closings: Readonly<Record<string, string>> = { '"': '\\\\.|"', "'": "\\\\.|'", '“': '”' };
const escape = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
const partOfEscape = /(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/;
const escaped: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const words = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['null', null],
  ['None', null],
  ['undefined', null],
]);
// What follows the quote that ends a name, or a value; any other quote belongs to the text.
const afterName = ':';
const afterValue = ',}]';

class NotJson extends Error {}

/** Reads the object or list at the start of a text; gives it and where it ends, or undefined for what is none. */
export function readLenient(text: string): { value: unknown; end: number } | undefined {
  const reader = new Reader(text);
  try {
    return { value: reader.value(0), end: reader.offset };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return undefined;
  }
}

class Reader {
  offset = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): unknown {
    const char = this.next();
    if (char !== '{' && char !== '[') return char in closings ? this.quoted(char, afterValue) : this.word();
    if (depth === maxDepth) throw new NotJson();
    this.offset += 1;
    return char === '{' ? this.members(depth) : this.items(depth);
  }

  private members(depth: number): object {
    const members = new Map<string, unknown>();
    while (!this.atEnd('}')) {
      const char = this.next();
      const name = char in closings ? this.quoted(char, afterName) : this.bare();
      if (this.next() !== ':') throw new NotJson();
      this.offset += 1;
      if (!',}'.includes(this.next())) {
        const value = this.value(depth + 1);
        if (!members.has(name)) members.set(name, value);
      }
      this.separator('}');
    }
    return Object.fromEntries(members);
  }

  private items(depth: number): unknown[] {
    const items: unknown[] = [];
    while (!this.atEnd(']')) {
      items.push(this.value(depth + 1));
      this.separator(']');
    }
    return items;
  }

  private atEnd(bracket: string): boolean {
    const char = this.next();
    if (char === bracket) this.offset += 1;
    return char === bracket || char === '';
  }

  private separator(bracket: string): void {
    const char = this.next();
    if (char === ',') this.offset += 1;
    else if (char !== '' && char !== bracket) throw new NotJson();
  }

  private quoted(quote: string, after: string): string {
    const begin = this.offset + 1;
    const closing = new RegExp(closings[quote] ?? quote, 'gs');
    closing.lastIndex = begin;
    for (let found = closing.exec(this.text); found !== null; found = closing.exec(this.text)) {
      if (found[0].startsWith('\\')) continue;
      this.offset = closing.lastIndex;
      // Nothing, at the end, is in everything.
      if (after.includes(this.next())) return unescaped(this.text.slice(begin, found.index));
    }
    this.offset = this.text.length;
    return unescaped(this.text.slice(begin).replace(partOfEscape, '$1'));
  }

  private word(): unknown {
    const word = this.bare();
    if (words.has(word)) return words.get(word);
    return number.test(word) ? Number(word) : word;
  }

  private bare(): string {
    bareWord.lastIndex = this.offset;
    const [word] = bareWord.exec(this.text) ?? [];
    if (word === undefined) throw new NotJson();
    this.offset += word.length;
    return word;
  }

  /** Skips blanks; gives the character after them, or nothing at the end. */
  private next(): string {
    space.lastIndex = this.offset;
    this.offset += space.exec(this.text)?.[0].length ?? 0;
    return this.text.charAt(this.offset);
  }
}

/** Reads the escapes of a text in JSON; those that JSON does not have stay as they are. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text.replace(escape, (whole, code: string | undefined, char: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return char !== undefined && '"\\/\''.includes(char) ? char : (escaped[char ?? ''] ?? whole);
    });
  }
}
