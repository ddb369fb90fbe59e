import { isWordAt, type CharacterTest } from './character-set';
import { PatternRefused, type PatternNode } from './pattern-node';

const maxSteps = 1_000;

// What a step does. Numbers in flat arrays: a long text visits each step at each of its characters.
const match = 0;
const character = 1;
const split = 2;
const places = { start: 3, end: 4, boundary: 5 } as const;

const never: CharacterTest = () => false;

/** A pattern as steps of an automaton that is in many states at once, so that no text makes it go back. */
export class PatternProgram {
  private readonly kinds: number[] = [match];
  /** Where each step leads, and a split also. */
  private readonly next: number[] = [0];
  private readonly other: number[] = [0];
  private readonly tests: CharacterTest[] = [never];
  private readonly begin: number;
  private size = 0;

  /** Throws `PatternRefused` when the steps are too many. */
  constructor(node: PatternNode) {
    this.begin = this.emit(node, 0);
  }

  /** Whether the pattern is anywhere in the text; in time linear in its length. */
  test(text: string): boolean {
    const seen = new Int32Array(this.kinds.length).fill(-1);
    let current: number[] = [];
    for (let at = 0; ;) {
      // It may begin at any place.
      if (this.follow(this.begin, text, at, seen, current)) return true;
      if (at >= text.length) return false;
      const point = text.codePointAt(at) ?? 0;
      at += point > 0xffff ? 2 : 1;
      const waiting: number[] = [];
      for (const step of current) {
        if (this.tests[step]?.(point) && this.follow(this.next[step] ?? 0, text, at, seen, waiting)) return true;
      }
      current = waiting;
    }
  }

  /** Adds the steps that wait for a character from `step` on; tells whether the end is reached without one. */
  private follow(step: number, text: string, at: number, seen: Int32Array, waiting: number[]): boolean {
    for (let index = step; seen[index] !== at;) {
      seen[index] = at;
      const kind = this.kinds[index] ?? match;
      if (kind === match) return true;
      if (kind === character) {
        waiting.push(index);
        return false;
      }
      if (kind === split && this.follow(this.other[index] ?? 0, text, at, seen, waiting)) return true;
      if (kind !== split && !isPlace(kind, text, at)) return false;
      index = this.next[index] ?? 0;
    }
    return false;
  }

  /** Writes the steps of a node that lead to the step `next`; returns where they begin. */
  private emit(node: PatternNode, next: number): number {
    this.grow(node.kind === 'character' ? node.weight : 1);
    switch (node.kind) {
      case 'sequence':
        return node.parts.reduceRight((entry, part) => this.emit(part, entry), next);
      case 'choice':
        return node.options
          .map((option) => this.emit(option, next))
          .reduceRight((entry, option) => this.push(split, option, entry));
      case 'repeat':
        return this.emitRepeat(node.of, node.min, node.max, next);
      case 'character':
        return this.push(character, next, 0, node.test);
      case 'start':
      case 'end':
      case 'boundary':
        return this.push(places[node.kind], next);
    }
  }

  private emitRepeat(of: PatternNode, min: number, max: number, next: number): number {
    let entry = next;
    if (max === Infinity) {
      entry = this.push(split, next);
      this.other[entry] = this.emit(of, entry);
    } else {
      for (let count = min; count < max; count += 1) entry = this.push(split, next, this.emit(of, entry));
    }
    for (let count = 0; count < min; count += 1) entry = this.emit(of, entry);
    return entry;
  }

  private push(kind: number, next: number, other = 0, test = never): number {
    this.next.push(next);
    this.other.push(other);
    this.tests.push(test);
    return this.kinds.push(kind) - 1;
  }

  private grow(weight: number): void {
    this.size += weight;
    if (this.size <= maxSteps) return;
    const hint = 'Repeat less often within braces, or bound the text by minLength and maxLength.';
    throw new PatternRefused(`has more than ${maxSteps} steps when its repeats are written out`, hint);
  }
}

function isPlace(kind: number, text: string, at: number): boolean {
  if (kind === places.start) return at === 0;
  if (kind === places.end) return at === text.length;
  return isWordAt(text, at - 1) !== isWordAt(text, at);
}
