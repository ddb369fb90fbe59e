import type { StreamedEventV1 } from '@dspy-nest/contracts';
import { JsonScanner, type MemberListener } from './json-scanner';
import type { StreamedField } from './streamed-fields';
import { type StreamedValue, streamedValue } from './streamed-value';

/** Reads an answer that is a JSON object, or has one in it, while it comes in: the members of the first object in which an output is. */
export class AnswerParser implements MemberListener {
  private readonly seen = new Set<string>();
  private found: StreamedEventV1[] = [];
  private scanner: JsonScanner | undefined;
  private value: StreamedValue | undefined;

  constructor(private readonly fields: ReadonlyMap<string, StreamedField>) {}

  /** Takes more of the answer; gives what is new. */
  feed(more: string): StreamedEventV1[] {
    let text = more;
    while (text !== '') {
      if (this.scanner === undefined) {
        const begin = text.indexOf('{');
        if (begin === -1) break;
        text = text.slice(begin);
      }
      this.scanner ??= new JsonScanner(this);
      text = this.scanner.feed(text);
      if (!this.scanner.isOver || this.seen.size > 0) break;
      this.scanner = undefined;
    }
    return this.taken();
  }

  /** Says that the answer is complete; gives what is new. */
  close(): StreamedEventV1[] {
    this.scanner?.close();
    return this.taken();
  }

  begin(key: string | number, isText: boolean): void {
    this.value = undefined;
    const field = this.fields.get(String(key));
    if (field === undefined || this.seen.has(field.name)) return;
    this.seen.add(field.name);
    if (isText === (field.kind === 'text')) this.value = streamedValue(field, (event) => this.found.push(event));
  }

  text(raw: string): void {
    this.value?.feed(raw);
  }

  end(): void {
    this.value = undefined;
  }

  private taken(): StreamedEventV1[] {
    const taken = this.found;
    this.found = [];
    return taken;
  }
}
