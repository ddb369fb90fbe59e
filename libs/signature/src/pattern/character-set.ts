/** Tells whether a code point is in a set. */
export type CharacterTest = (point: number) => boolean;

type Range = readonly [from: number, to: number];

const inRanges =
  (ranges: readonly Range[]): CharacterTest =>
  (point) =>
    ranges.some(([from, to]) => point >= from && point <= to);

/** Turns a set into what is not in it. */
export const negated =
  (test: CharacterTest): CharacterTest =>
  (point) =>
    !test(point);

/** The set of one code point, or of all from one to another. */
export const range = (from: number, to: number): CharacterTest =>
  from === to ? (point) => point === from : (point) => point >= from && point <= to;

const digit = range(0x30, 0x39);
const word = inRanges([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
const space = inRanges([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

/** The sets that are written as a backslash and a letter, as JavaScript understands them. */
export const namedSets: Readonly<Record<string, CharacterTest>> = {
  d: digit,
  D: negated(digit),
  w: word,
  W: negated(word),
  s: space,
  S: negated(space),
};

/** What a dot stands for. */
export const anyButLineEnd = negated(
  inRanges([
    [0x0a, 0x0a],
    [0x0d, 0x0d],
    [0x2028, 0x2029],
  ]),
);

/** Whether the UTF-16 unit at `offset` is a letter, a digit or an underscore of ASCII. */
export const isWordAt = (text: string, offset: number): boolean => word(text.charCodeAt(offset));

const categories = new Set(
  'L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp'.split(' '),
);

/** The set of a general category of Unicode by its short name, if it is one of those that every engine knows. */
export function categorySet(name: string): CharacterTest | undefined {
  if (!categories.has(name)) return undefined;
  const category = new RegExp(`^\\p{${name}}$`, 'u');
  return (point) => category.test(String.fromCodePoint(point));
}
