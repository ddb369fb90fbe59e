import type { SignatureError, SignatureErrorCode } from './errors';
import { signatureLimits } from './spec';

/** Ends the reading of the field at hand; the error itself has been reported before. */
export class FieldAborted extends Error {}

/** Ends the reading of the whole text; the error itself has been reported before. */
export class TextAborted extends Error {}

/** A piece of text to point at. */
export interface Span {
  offset: number;
  length: number;
}

const blank = /[ \t\r\n]*/y;
// One run, no alternative that overlaps another: linear whatever the text. A dash ends a word only as part of an arrow.
const word = /(?:[^ \t\r\n,:"'[\](){}|?=-]|-(?!>))*/y;
const shownLength = 40;

/** Cuts what a caller wrote to a length that is fit for a message, between characters. */
export function shorten(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** A place in a text that only moves forward, and the errors met on the way. */
export class Cursor {
  readonly text: string;
  readonly errors: SignatureError[] = [];
  offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  skipBlank(): void {
    this.match(blank);
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.offset);
  }

  /** Takes the token and the blanks after it, if it comes next. */
  take(token: string): boolean {
    if (!this.startsWith(token)) return false;
    this.offset += token.length;
    this.skipBlank();
    return true;
  }

  /** Takes everything up to the next blank or mark of the grammar, and the blanks after it; empty when a mark comes next. */
  takeWord(): Span & { text: string } {
    const offset = this.offset;
    const text = this.match(word);
    this.skipBlank();
    return { text, offset, length: text.length };
  }

  match(sticky: RegExp): string {
    sticky.lastIndex = this.offset;
    const [text = ''] = sticky.exec(this.text) ?? [];
    this.offset += text.length;
    return text;
  }

  /** The next word or mark, as a message shows it. */
  peekToken(): Span & { text: string } {
    const offset = this.offset;
    if (this.atEnd) return { text: 'the end', offset, length: 1 };
    if (this.startsWith('->')) return { text: '"->"', offset, length: 2 };
    if (this.startsWith('"') || this.startsWith("'")) return { text: 'a quoted text', offset, length: 1 };
    const text = this.takeWord().text || String.fromCodePoint(this.text.codePointAt(offset) ?? 0);
    this.offset = offset;
    return { text: `"${shorten(text)}"`, offset, length: text.length };
  }

  report(code: SignatureErrorCode, message: string, span: Span, hint?: string): void {
    const before = this.text.slice(0, span.offset);
    const line = before.split('\n').length;
    const column = span.offset - (before.lastIndexOf('\n') + 1) + 1;
    const error = { code, message, offset: span.offset, line, column, length: Math.max(1, span.length) };
    this.errors.push(hint === undefined ? error : { ...error, hint });
    if (this.errors.length >= signatureLimits.errors) throw new TextAborted();
  }

  fail(code: SignatureErrorCode, message: string, span: Span, hint?: string): never {
    this.report(code, message, span, hint);
    throw new FieldAborted();
  }

  stop(code: SignatureErrorCode, message: string, span: Span, hint?: string): never {
    this.report(code, message, span, hint);
    throw new TextAborted();
  }
}
