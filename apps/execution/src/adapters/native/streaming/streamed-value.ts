import type { StreamedEventV1 } from '@dspy-nest/contracts';
import { isCarriable, unescaped } from '@dspy-nest/signature';
import { storableText } from '../storable-text';
import { JsonScanner, type MemberListener } from './json-scanner';
import type { StreamedField } from './streamed-fields';

/** A larger part of a value is not worth telling before all of the value. */
const PART_MAX_CHARS = 64_000;
/** The beginning of an escape, or of a pair of surrogates, whose rest has not come. */
const OPEN_END =
  /(?:(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?)|([\uD800-\uDBFF]))$/;
/** As many characters as the longest open end has. */
const OPEN_END_CHARS = 12;

/** Takes the text of one output as it is written in JSON. */
export interface StreamedValue {
  feed(raw: string): void;
}

/** What is made of an output while it comes in; its events go to `out`. */
export function streamedValue(field: StreamedField, out: (event: StreamedEventV1) => void): StreamedValue {
  return field.kind === 'text' ? new TextValue(field.name, out) : new PartsValue(field, out);
}

/** Tells a text as it comes, without its escapes. */
class TextValue implements StreamedValue {
  private held = '';

  constructor(
    private readonly field: string,
    private readonly out: (event: StreamedEventV1) => void,
  ) {}

  feed(raw: string): void {
    const text = this.held + raw;
    const open = openEnd(text);
    this.held = text.slice(text.length - open);
    const delta = storableText(unescaped(text.slice(0, text.length - open)));
    if (delta !== '') this.out({ type: 'token', field: this.field, delta });
  }
}

/** How many characters at the end of a text cannot be read before more has come. */
function openEnd(text: string): number {
  const [, escape, surrogate] = OPEN_END.exec(text.slice(-OPEN_END_CHARS - slashesBefore(text))) ?? [];
  return (escape ?? surrogate ?? '').length;
}

/** Whether a backslash begins an escape depends on how many stand before it. */
function slashesBefore(text: string): number {
  let at = text.length - OPEN_END_CHARS;
  let count = 0;
  while (at > 0 && text.charAt(at - 1) === '\\') {
    at -= 1;
    count += 1;
  }
  return count;
}

/** Tells the items of a list or the members of an object, each once it is complete. */
class PartsValue implements StreamedValue, MemberListener {
  private readonly scanner = new JsonScanner(this);
  private hasBegun = false;
  private pointer = '';
  private isText = false;
  private raw: string[] = [];
  private chars = 0;

  constructor(
    private readonly field: StreamedField,
    private readonly out: (event: StreamedEventV1) => void,
  ) {}

  feed(raw: string): void {
    if (!this.hasBegun) this.scanner.isOver = !raw.startsWith(this.field.kind === 'items' ? '[' : '{');
    this.hasBegun = true;
    if (!this.scanner.isOver) this.scanner.feed(raw);
  }

  begin(key: string | number, isText: boolean): void {
    this.pointer = `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    this.isText = isText;
    this.raw = [];
    this.chars = 0;
  }

  text(raw: string): void {
    this.chars += raw.length;
    if (this.chars <= PART_MAX_CHARS) this.raw.push(raw);
  }

  end(): void {
    if (this.chars > PART_MAX_CHARS) return;
    const written = this.raw.join('');
    const value = this.isText ? unescaped(written) : parsed(written);
    if (value === undefined) this.scanner.isOver = true;
    else if (isCarriable(value) && isCarriable(this.pointer)) {
      this.out({ type: 'partial', field: this.field.name, pointer: this.pointer, value });
    }
  }
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
