import { anyButLineEnd, categorySet, namedSets, negated, range, type CharacterTest } from './character-set';
import { PatternRefused, type PatternNode } from './pattern-node';

const maxDepth = 50;
// A category of Unicode is hundreds of ranges, which engines that work on bytes write out.
const categoryWeight = 20;

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const groupStart = /\((?:\?(?:<[^=!>][^>]*>|:)|(?!\?))/y;
const hexEscape =
  /x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})/y;
const categoryEscape = /[pP]\{([^}]*)\}/y;

/** Reads what `new RegExp(text, 'u')` accepts; throws `PatternRefused` for what engines of linear time read otherwise or not at all. */
export function readPattern(text: string): PatternNode {
  return new Reader(text).choice(0);
}

interface Item {
  test: CharacterTest;
  weight: number;
  /** The code point, if it is a single one. */
  point?: number;
}

class Reader {
  private offset = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  choice(depth: number): PatternNode {
    if (depth > maxDepth)
      throw new PatternRefused(`has more than ${maxDepth} groups in each other`, 'Make it flatter.');
    const options = [this.sequence(depth)];
    while (this.take('|')) options.push(this.sequence(depth));
    const [only] = options;
    return only !== undefined && options.length === 1 ? only : { kind: 'choice', options };
  }

  private sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (this.offset < this.text.length && !this.at('|') && !this.at(')')) parts.push(this.repeated(depth));
    return { kind: 'sequence', parts };
  }

  private repeated(depth: number): PatternNode {
    const of = this.atom(depth);
    const [found, low, comma, high] = this.match(quantifier) ?? [];
    if (found === undefined) return of;
    if (low === undefined)
      return { kind: 'repeat', of, min: found.startsWith('+') ? 1 : 0, max: found.startsWith('?') ? 1 : Infinity };
    const max = comma === '' ? Number(low) : high === '' ? Infinity : Number(high);
    return { kind: 'repeat', of, min: Number(low), max };
  }

  private atom(depth: number): PatternNode {
    if (this.take('^')) return { kind: 'start' };
    if (this.take('$')) return { kind: 'end' };
    if (this.take('\\b')) return { kind: 'boundary' };
    if (this.take('.')) return { kind: 'character', test: anyButLineEnd, weight: 1 };
    if (this.at('(')) return this.group(depth);
    const { test, weight } = this.take('[') ? this.characterClass() : this.item();
    return { kind: 'character', test, weight };
  }

  private group(depth: number): PatternNode {
    if (this.match(groupStart) === undefined) refuseGroup(this.text.slice(this.offset, this.offset + 4));
    const inner = this.choice(depth + 1);
    this.take(')');
    return inner;
  }

  private characterClass(): Item {
    const inverted = this.take('^');
    if (this.at(']'))
      throw new PatternRefused('must not have an empty class', 'Name at least one character between [ and ].');
    const items: Item[] = [];
    while (!this.take(']')) items.push(this.classItem());
    const test: CharacterTest = (point) => items.some((item) => item.test(point));
    return { test: inverted ? negated(test) : test, weight: items.reduce((sum, item) => sum + item.weight, 0) };
  }

  private classItem(): Item {
    if (this.take('\\b')) return single(8);
    const low = this.item();
    if (low.point === undefined || !this.at('-') || this.at('-]')) return low;
    this.take('-');
    const high = this.take('\\b') ? single(8) : this.item();
    return { test: range(low.point, high.point ?? low.point), weight: 1 };
  }

  private item(): Item {
    if (this.take('\\')) return this.escape();
    const point = this.text.codePointAt(this.offset) ?? 0;
    this.offset += point > 0xffff ? 2 : 1;
    return single(point);
  }

  private escape(): Item {
    const category = this.match(categoryEscape);
    if (category !== undefined) return categoryItem(category[0].startsWith('P'), category[1] ?? '');
    const hex = this.match(hexEscape);
    if (hex !== undefined) return single(pointOf(hex));
    const letter = this.text[this.offset] ?? '';
    this.offset += 1;
    const named = namedSets[letter];
    if (named !== undefined) return { test: named, weight: 1 };
    refuseEscape(letter);
    return single(controls[letter] ?? letter.charCodeAt(0));
  }

  private at(token: string): boolean {
    return this.text.startsWith(token, this.offset);
  }

  private take(token: string): boolean {
    const found = this.at(token);
    if (found) this.offset += token.length;
    return found;
  }

  private match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.offset;
    const found = sticky.exec(this.text) ?? undefined;
    this.offset += found?.[0].length ?? 0;
    return found;
  }
}

function single(point: number): Item {
  if (point >= 0xd800 && point <= 0xdfff) {
    throw new PatternRefused('must not have half of a surrogate pair', 'Write the whole character.');
  }
  return { test: range(point, point), weight: 1, point };
}

function pointOf([, byte, braced, high, low, unit]: RegExpExecArray): number {
  if (high !== undefined && low !== undefined) {
    return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)).codePointAt(0) ?? 0;
  }
  return Number.parseInt(byte ?? braced ?? unit ?? '', 16);
}

function categoryItem(inverted: boolean, name: string): Item {
  const test = categorySet(name);
  if (test === undefined) {
    const hint = 'Write a general category in short, such as \\p{L} or \\p{Nd}.';
    throw new PatternRefused(`must not use \\p{${name}}, which engines know by other names`, hint);
  }
  return { test: inverted ? negated(test) : test, weight: categoryWeight };
}

function refuseGroup(start: string): never {
  if (/^\(\?<?[=!]/.test(start)) throw new PatternRefused(aroundOrBack, linearHint);
  throw new PatternRefused('must not switch flags', 'Write both cases, as in [Aa].');
}

const aroundOrBack = 'must not look around or refer back to a group';
const linearHint = 'No engine of linear time can: say it without, or check it in the program that asks.';

function refuseEscape(letter: string): void {
  if (/[1-9k]/.test(letter)) throw new PatternRefused(aroundOrBack, linearHint);
  if (letter === 'B')
    throw new PatternRefused('must not use \\B', 'Engines differ on it within characters beyond ASCII.');
  if (letter === 'c')
    throw new PatternRefused('must not use \\c', 'Write the character as \\x with two hexadecimal digits.');
}
