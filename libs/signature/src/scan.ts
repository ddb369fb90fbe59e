// The type-level twin of `cursor.ts`: the same blanks and words, one character at a time.
type Blank = ' ' | '\n' | '\r' | '\t';
type Mark = Blank | ',' | ':' | '"' | "'" | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '?' | '=';
type Lower =
  | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
  | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z');
export type Letter = Lower | Uppercase<Lower>;
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type WordCharacter = Letter | Digit | '_' | '.';

// A union inside a template is as many templates as it has members, and the compiler instantiates each of them anew: here and
// in the other files one character is taken apart first and compared afterwards.
export type startOf<S extends string> = S extends `${infer First}${string}` ? First : '';

export type trimStart<S extends string> = S extends `${infer First}${infer Rest}`
  ? First extends Blank
    ? trimStart<Rest>
    : S
  : S;

/** `[word, rest, odd]`, the rest without leading blanks; `odd` tells that no name or type has all these characters. */
export type takeWord<S extends string, Word extends string = ''> = S extends `${infer First}${infer Rest}`
  ? First extends WordCharacter
    ? takeWord<Rest, `${Word}${First}`>
    : First extends Mark
      ? [Word, trimStart<S>, false]
      : takeOddWord<S, Word>
  : [Word, '', false];

// Odd characters are read all the same, so that the message can show the whole word.
type takeOddWord<S extends string, Word extends string, Odd extends boolean = false> = S extends `->${string}`
  ? [Word, S, Odd]
  : S extends `${infer First}${infer Rest}`
    ? First extends Mark
      ? [Word, trimStart<S>, Odd]
      : takeOddWord<Rest, `${Word}${First}`, true>
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
