// The type-level twin of `cursor.ts`: the same blanks and words.
type Blank = ' ' | '\n' | '\r' | '\t';
type Mark = Blank | ',' | ':' | '"' | "'" | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '?' | '=';
type Lower =
  | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
  | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z');
export type Letter = Lower | Uppercase<Lower>;
export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type WordCharacter = Letter | Digit | '_' | '.';

// The compiler counts every template it meets, and one with a union in it as many times as the union has members. So one
// character is taken off first and compared afterwards, and several are taken off at a time.
export type trimStart<S extends string> = S extends `${infer A}${infer B}${infer Rest}`
  ? A extends Blank
    ? B extends Blank
      ? trimStart<Rest>
      : `${B}${Rest}`
    : S
  : S extends Blank
    ? ''
    : S;

/** `[word, rest, odd]`, the rest without leading blanks; `odd` tells that no name or type has all these characters. */
export type takeWord<
  S extends string,
  From extends string = S,
> = S extends `${infer A}${infer B}${infer C}${infer D}${infer Rest}`
  ? A extends WordCharacter
    ? B extends WordCharacter
      ? C extends WordCharacter
        ? D extends WordCharacter
          ? takeWord<Rest, From>
          : endWord<From, D, `${D}${Rest}`>
        : endWord<From, C, `${C}${D}${Rest}`>
      : endWord<From, B, `${B}${C}${D}${Rest}`>
    : endWord<From, A, S>
  : takeLastWord<S, From>;

type takeLastWord<S extends string, From extends string> = S extends `${infer First}${infer Rest}`
  ? First extends WordCharacter
    ? takeLastWord<Rest, From>
    : endWord<From, First, S>
  : [From, '', false];

type endWord<From extends string, Next extends string, Rest extends string> = Next extends Mark
  ? From extends `${infer Word}${Rest}`
    ? [Word, Next extends Blank ? trimStart<Rest> : Rest, false]
    : never
  : takeOddWord<From, ''>;

// Odd characters are read all the same, so that the message can show the whole word.
type takeOddWord<S extends string, Word extends string, Odd extends boolean = false> = S extends `->${string}`
  ? [Word, S, Odd]
  : S extends `${infer First}${infer Rest}`
    ? First extends Mark
      ? [Word, trimStart<S>, Odd]
      : takeOddWord<Rest, `${Word}${First}`, First extends WordCharacter ? Odd : true>
    : [Word, '', Odd];

/** The next word or mark, as a message shows it. */
export type peekToken<S extends string> = S extends ''
  ? 'the end'
  : S extends `->${string}`
    ? '"->"'
    : S extends `${'"' | "'"}${string}`
      ? 'a quoted text'
      : takeWord<S> extends [infer Word extends string, string, boolean]
        ? Word extends ''
          ? S extends `${infer First}${string}`
            ? `"${First}"`
            : never
          : `"${Word}"`
        : never;
