import type { JsonObject, StreamedEventV1 } from '@dspy-nest/contracts';
import { AnswerParser } from './answer-parser';
import type { StreamedField } from './streamed-fields';

/** Takes what is told of an execution; never waits. */
export type Tell = (events: readonly StreamedEventV1[]) => void;

/** Tells of an execution while its model answers; of one without outputs that can be told, that a model is called. */
export class Teller {
  private calls = 0;
  private parser: AnswerParser | undefined;
  private hasTold = false;
  /** The texts that were told of the answer that is asked for now, by their outputs. */
  private readonly texts = new Map<string, string[]>();

  constructor(
    private readonly fields: ReadonlyMap<string, StreamedField>,
    private readonly attempt: number,
    private readonly tell: Tell,
  ) {}

  /** A model call begins. What was told of the one before it does not stand. */
  beginCall(): void {
    if (this.fields.size === 0) {
      this.calls += 1;
      this.tell([{ type: 'status', message: `Model call ${this.calls}.` }]);
      return;
    }
    if (this.hasTold) this.restart([]);
    this.parser = new AnswerParser(this.fields);
  }

  /** The model said more. */
  hear(text: string): void {
    this.note(this.parser?.feed(text) ?? []);
  }

  /** The model has said all. */
  endCall(): void {
    this.note(this.parser?.close() ?? []);
    this.parser = undefined;
  }

  /** Tells what is missing, so that the texts that were told are those of the outputs. */
  finish(outputs: JsonObject): void {
    const finals = [...this.fields.values()]
      .filter(({ kind }) => kind === 'text')
      .map(({ name }) => ({ name, told: (this.texts.get(name) ?? []).join(''), final: textOf(outputs[name]) }));
    const token = (field: string, delta: string): StreamedEventV1[] =>
      delta === '' ? [] : [{ type: 'token', field, delta }];
    if (finals.every(({ told, final }) => final.startsWith(told))) {
      this.note(finals.flatMap(({ name, told, final }) => token(name, final.slice(told.length))));
    } else this.restart(finals.flatMap(({ name, final }) => token(name, final)));
  }

  private restart(events: readonly StreamedEventV1[]): void {
    this.texts.clear();
    this.hasTold = false;
    this.tell([{ type: 'restarted', attempt: this.attempt }, ...events]);
  }

  private note(events: readonly StreamedEventV1[]): void {
    if (events.length === 0) return;
    this.hasTold = true;
    for (const { field = '', delta } of events) {
      if (delta === undefined) continue;
      const pieces = this.texts.get(field);
      if (pieces === undefined) this.texts.set(field, [delta]);
      else pieces.push(delta);
    }
    this.tell(events);
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
