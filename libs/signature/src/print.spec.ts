import fc from 'fast-check';
import { sidesArbitrary } from '../test/spec-arbitrary';
import { checkSignature, parseSignature, printSignature, SignatureSyntaxError } from './index';

const canonical = (text: string): string => parseSignature(text).definition;

describe('printSignature', () => {
  it.each([
    ['question, context -> answer', 'question: string, context: string -> answer: string'],
    [
      `question, documents: list[str] -> label: Literal["a", 'b'], score: Optional[float]`,
      'question: string, documents: list[string] -> label: enum["a", "b"], score: float?',
    ],
    [
      'question: :string, documents: list[:string] -> confidence: :probability, reasoning: :reasoning_chain',
      'question: string, documents: list[string] -> confidence: probability, reasoning: reasoning',
    ],
    [
      'a:List[ typing.Dict[str,Any] ]->b : list,c:dict',
      'a: list[dict[string, json]] -> b: list[json], c: dict[string, json]',
    ],
    ['a: Union[int, str, None] -> b: None | int | int', 'a: optional[int | string] -> b: int?'],
    ['a: int | optional[bool | int] -> b', 'a: optional[int | bool] -> b: string'],
    ['a: datetime.date, b: dspy.Image -> c: Literal[1, True, None],', 'a: date, b: image -> c: enum[1, true]?'],
    [`a "it's" -> b 'say "hi"\\n'`, `a: string "it's" -> b: string "say \\"hi\\"\\n"`],
    [
      'a: int ( max = 10, min = 1 ) ? = 3 "n" -> b: list[string(pattern="^[)]")](maxItems=5)',
      'a: int(min=1, max=10)? = 3 "n" -> b: list[string(pattern="^[)]")](maxItems=5)',
    ],
    ['a -> b: object{c,d:int?"x",}', 'a: string -> b: object{ c: string, d: int? "x" }'],
  ])('reads every spelling and prints one: %s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
  });

  it('is undone by reading, for any spec', () => {
    fc.assert(
      fc.property(sidesArbitrary, (sides) => {
        const { inputs, outputs } = parseSignature(printSignature(sides));
        expect({ inputs, outputs }).toEqual(sides);
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });
});

describe('a mutated text', () => {
  const scrap = fc.oneof(
    fc.constantFrom('->', ',', ':', '"', "'", '[', ']', '(', ')', '{', '}', '|', '?', '=', '\\', '\n', '\\u12'),
    fc.constantFrom('list[', 'enum[', 'object{', 'None', 'int(min=', ' ', '\ud800'),
    fc.string({ maxLength: 5 }),
  );
  const mutated = fc
    .tuple(
      sidesArbitrary.map(printSignature),
      fc.array(fc.tuple(fc.nat(), fc.nat(6), scrap), { minLength: 1, maxLength: 4 }),
    )
    .map(([text, cuts]) =>
      cuts.reduce((result, [place, length, insert]) => {
        const offset = place % (result.length + 1);
        return result.slice(0, offset) + insert + result.slice(offset + length);
      }, text),
    );

  it('is read or refused with places inside the text, and never breaks the parser', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const { valid, errors } = checkSignature(text);
        expect(valid).toBe(errors.length === 0);
        if (valid) expect(canonical(canonical(text))).toBe(canonical(text));
        else expect(() => parseSignature(text)).toThrow(SignatureSyntaxError);
        for (const error of errors) {
          const before = text.slice(0, error.offset).split('\n');
          expect(error.offset).toBeLessThanOrEqual(text.length);
          expect([error.line, error.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        }
      }),
      { numRuns: 500, endOnFailure: true },
    );
  });
});
