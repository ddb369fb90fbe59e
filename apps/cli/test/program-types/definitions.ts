import { signature } from '@dspy-nest/signature';

/** One program for each construct of the language. */
export const definitions = {
  plain: signature('question: string -> answer: string, confidence: probability'),
  'all-words': signature(
    'a, b: string, c: int, d: float, e: bool, f: probability, g: reasoning, h: date, i: datetime, j: url, k: email, l: json, m: image -> z',
  ),
  optional: signature('a: string?, b: int = 3, c: bool? = null -> d: string?, e: json?, f: list[int?]'),
  enums: signature(
    `a: enum["a->b", "it's", "say \\"hi\\""], b: list[enum["x", "y"]], c: enum["x"]? -> d: Literal[1, 2, True], e: list[enum["x"]]`,
  ),
  nested: signature(
    'a: list[dict[string, list[int]]], b: dict[int, bool?] -> c: dict[enum["k", "l"], int?], d: object{ e: int, f: list[object{ g: url? }] }?',
  ),
  unions: signature('a: int | string, b: list[int | string] -> c: Union[int, list[str]], d: optional[int | string]'),
  limited: signature(
    'a: int(min=1, max=10), b: string(pattern="^[)]$")? -> c: list[string(minLength=1)](maxItems=5), d: list[optional[int(min=1)]]',
  ),
} as const;
