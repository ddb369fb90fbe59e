import { parseSignature } from './index';

const canonical = (text: string): string => parseSignature(text).definition;

describe('printSignature', () => {
  it.each([
    ['question, context -> answer', 'question: string, context: string -> answer: string'],
    ['x: float(max=1e20) = 1e16 -> y', 'x: float(max=1e+20) = 1e+16 -> y: string'],
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
});
