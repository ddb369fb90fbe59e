// Finds the members of a JSON object, or the items of a list, while its text comes in. The twin in Python is
// python-worker/src/dspy_worker/runtime/streaming/json_scanner.py.

const SPACE = /\s*/y;
const SCALAR = /[^\s,\]}]*/y;
const QUOTE = /\\.|"/gs;
const BRACKET = /[{}[\]"]/g;
/** A quote before anything else belongs to the text, as where whole answers are mended. */
const AFTER_VALUE = ',}]';
const CLOSINGS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Who is told what a scanner finds. */
export interface MemberListener {
  /** A member begins, by its name or number; what `text` then brings of a text stands between its quotes. */
  begin(key: string | number, isText: boolean): void;
  /** More of the member, as it is written. */
  text(raw: string): void;
  /** The member is complete. */
  end(): void;
}

/** Reads on from a place in a text; gives the place to go on from. */
type State = (text: string, at: number) => number;

/** Scans one object or list, from its bracket on; never throws, but gives up where it is not JSON. */
export class JsonScanner {
  isOver = false;
  private state: State = (text, at) => this.open(text, at);
  private held = '';
  /** A quote, and the blanks after it. */
  private pending: string | undefined;
  private closing = '';
  private key = '';
  private index = 0;
  private depth = 0;

  constructor(private readonly listener: MemberListener) {}

  /** Reads on; gives what is left once the value is over or turned out to be no JSON. */
  feed(more: string): string {
    const text = this.held + more;
    this.held = '';
    let at = 0;
    while (at < text.length && !this.isOver) at = this.state(text, at);
    return text.slice(at);
  }

  /** Says that no more text comes: a text whose quote was the last character is complete. */
  close(): void {
    if (this.pending !== undefined && !this.isOver) this.listener.end();
    this.isOver = true;
  }

  private open(text: string, at: number): number {
    this.closing = CLOSINGS[text.charAt(at)] ?? '';
    this.state = this.closing === '}' ? this.nextKey : this.nextValue;
    return this.closing === '' ? this.giveUp(at) : at + 1;
  }

  private readonly nextKey: State = (text, from) => {
    const at = afterSpace(text, from);
    if (at === text.length) return at;
    if (text.charAt(at) === '"') {
      this.key = '';
      this.state = this.inKey;
      return at + 1;
    }
    this.isOver = true;
    return text.charAt(at) === '}' ? at + 1 : at;
  };

  private readonly inKey: State = (text, at) => {
    const { end, isQuote } = this.quote(text, at);
    this.key += text.slice(at, end);
    if (!isQuote) return text.length;
    this.state = this.colon;
    return end + 1;
  };

  private readonly colon: State = (text, from) => {
    const at = afterSpace(text, from);
    if (at === text.length) return at;
    this.state = this.nextValue;
    return text.charAt(at) === ':' ? at + 1 : this.giveUp(at);
  };

  private readonly nextValue: State = (text, from) => {
    const at = afterSpace(text, from);
    if (at === text.length) return at;
    const char = text.charAt(at);
    if (AFTER_VALUE.includes(char)) {
      this.isOver = true;
      return char === this.closing && char === ']' ? at + 1 : at;
    }
    this.listener.begin(this.name(), char === '"');
    if (char === '"') {
      this.state = this.inText;
      return at + 1;
    }
    this.depth = 0;
    this.state = char in CLOSINGS ? this.inNested : this.inScalar;
    return at;
  };

  private name(): string | number {
    if (this.closing === '}') return decoded(this.key);
    this.index += 1;
    return this.index - 1;
  }

  private readonly inText: State = (text, at) => {
    const { end, isQuote } = this.quote(text, at);
    if (end > at) this.listener.text(text.slice(at, end));
    if (!isQuote) return text.length;
    this.state = this.afterQuote;
    this.pending = '"';
    return end + 1;
  };

  /** Looks for what follows a quote, which tells whether it ends the text. */
  private readonly afterQuote: State = (text, from) => {
    const at = afterSpace(text, from);
    this.pending += text.slice(from, at);
    if (at === text.length) return at;
    if (AFTER_VALUE.includes(text.charAt(at))) {
      this.listener.end();
      this.state = this.separator;
    } else {
      this.listener.text(this.pending ?? '');
      this.state = this.inText;
    }
    this.pending = undefined;
    return at;
  };

  private readonly inScalar: State = (text, at) => {
    SCALAR.lastIndex = at;
    const end = at + (SCALAR.exec(text)?.[0].length ?? 0);
    if (end > at) this.listener.text(text.slice(at, end));
    if (end < text.length) {
      this.listener.end();
      this.state = this.separator;
    }
    return end;
  };

  private readonly inNested: State = (text, at) => {
    BRACKET.lastIndex = at;
    for (let found = BRACKET.exec(text); found !== null; found = BRACKET.exec(text)) {
      const end = found.index + 1;
      if (found[0] === '"') this.state = this.inNestedText;
      else this.depth += found[0] in CLOSINGS ? 1 : -1;
      if (found[0] !== '"' && this.depth > 0) continue;
      this.listener.text(text.slice(at, end));
      if (found[0] === '"') return end;
      this.listener.end();
      this.state = this.separator;
      return end;
    }
    this.listener.text(text.slice(at));
    return text.length;
  };

  private readonly inNestedText: State = (text, at) => {
    const { end, isQuote } = this.quote(text, at);
    this.listener.text(text.slice(at, isQuote ? end + 1 : end));
    if (!isQuote) return text.length;
    this.state = this.inNested;
    return end + 1;
  };

  private readonly separator: State = (text, from) => {
    const at = afterSpace(text, from);
    if (at === text.length) return at;
    if (text.charAt(at) !== ',') {
      this.isOver = true;
      return text.charAt(at) === this.closing ? at + 1 : at;
    }
    this.state = this.closing === '}' ? this.nextKey : this.nextValue;
    return at + 1;
  };

  /** Where the text in quotes ends, and whether by a quote; half an escape is kept for the next time. */
  private quote(text: string, at: number): { end: number; isQuote: boolean } {
    let last = at;
    QUOTE.lastIndex = at;
    for (let found = QUOTE.exec(text); found !== null; found = QUOTE.exec(text)) {
      if (found[0] === '"') return { end: found.index, isQuote: true };
      last = QUOTE.lastIndex;
    }
    const end = text.endsWith('\\') && text.length > last ? text.length - 1 : text.length;
    this.held = text.slice(end);
    return { end, isQuote: false };
  }

  private giveUp(at: number): number {
    this.isOver = true;
    return at;
  }
}

function afterSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function decoded(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}
