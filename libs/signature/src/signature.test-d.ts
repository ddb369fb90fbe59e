import { signature, type Inputs, type Outputs } from './index';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<Holds extends true> = Holds;

const plain = signature('question: string -> answer: string, confidence: probability');
const primitives = signature(
  'a, b: string, c: int, d: float, e: bool, f: probability, g: reasoning, h: date, i: datetime, j: url, k: email, l: json, m: image -> z',
);
const dspy = signature(
  `question, documents: list[str], n: Optional[int] -> label: Literal["a", 'b'], score: typing.Optional[float], d: Dict[str, List[int]], x: str | None`,
);
const roadmap = signature(
  'question: :string, documents: list[:string] -> confidence: :probability, steps: :reasoning_chain',
);
const enums = signature(
  'x: enum["a->b", "it\'s", "say \\"hi\\""] -> y: Literal[1, 2, True], z: enum["a"]?, w: Literal["a", None]',
);
const nested = signature(
  'x: list[dict[enum["k", "l"], int?]] -> y: list[list[string]], z: object{ a: int, b: list[object{ c: url? }] }?',
);
const unions = signature('x: int | str | None -> y: Union[int, list[str]], z: optional[int | string]');
const limited = signature(
  'x: int(min=1, max=10) = 3, y: string(pattern="^[)]$")? -> z: list[string(minLength=1)](maxItems=5)',
);
const described = signature('question "asked, by -> a person" -> y \'it "is"\'');
const blanks = signature(`
  question : string "what is asked" ,
  context
    -> answer : list [ string ] ,
`);
const fault = signature('x -> y: object{ fault: string }');
declare const unknownText: string;
const loose = signature(unknownText);

export type Tests = [
  Expect<Equal<Inputs<typeof plain>, { question: string }>>,
  Expect<Equal<Outputs<typeof plain>, { answer: string; confidence: number }>>,
  Expect<
    Equal<
      Inputs<typeof primitives>,
      {
        a: string;
        b: string;
        c: number;
        d: number;
        e: boolean;
        f: number;
        g: string[];
        h: string;
        i: string;
        j: string;
        k: string;
        l: unknown;
        m: string;
      }
    >
  >,
  Expect<Equal<Inputs<typeof dspy>, { question: string; documents: string[]; n?: number | null }>>,
  Expect<
    Equal<
      Outputs<typeof dspy>,
      { label: 'a' | 'b'; score: number | null; d: Record<string, number[]>; x: string | null }
    >
  >,
  Expect<Equal<Inputs<typeof roadmap>, { question: string; documents: string[] }>>,
  Expect<Equal<Outputs<typeof roadmap>, { confidence: number; steps: string[] }>>,
  Expect<Equal<Inputs<typeof enums>, { x: 'a->b' | "it's" | 'say "hi"' }>>,
  Expect<Equal<Outputs<typeof enums>, { y: 1 | 2 | true; z: 'a' | null; w: 'a' | null }>>,
  Expect<Equal<Inputs<typeof nested>, { x: Partial<Record<'k' | 'l', number | null>>[] }>>,
  Expect<Equal<Outputs<typeof nested>, { y: string[][]; z: { a: number; b: { c?: string | null }[] } | null }>>,
  Expect<Equal<Inputs<typeof unions>, { x?: number | string | null }>>,
  Expect<Equal<Outputs<typeof unions>, { y: number | string[]; z: number | string | null }>>,
  Expect<Equal<Inputs<typeof limited>, { x?: number; y?: string | null }>>,
  Expect<Equal<Outputs<typeof limited>, { z: string[] }>>,
  Expect<Equal<Inputs<typeof described>, { question: string }>>,
  Expect<Equal<Inputs<typeof blanks>, { question: string; context: string }>>,
  Expect<Equal<Outputs<typeof blanks>, { answer: string[] }>>,
  Expect<Equal<Outputs<typeof fault>, { y: { fault: string } }>>,
  Expect<Equal<Inputs<typeof loose>, Record<string, unknown>>>,
  Expect<Equal<Outputs<typeof loose>, Record<string, unknown>>>,
];

// @ts-expect-error an unknown type
signature('question: string -> answer: strin');
// @ts-expect-error an unknown type deep inside another
signature('question -> answer: list[optional[dict[string, strin]]]');
// @ts-expect-error no arrow
signature('question');
// @ts-expect-error no outputs
signature('question -> ');
// @ts-expect-error two arrows
signature('a -> b -> c');
// @ts-expect-error a name twice, across the arrow
signature('a -> a');
// @ts-expect-error a word of Python
signature('class -> a');
// @ts-expect-error a default on an output
signature('a -> b = "c"');
// @ts-expect-error a default of another type
signature('a: int = "c" -> b');
// @ts-expect-error an unknown constraint
signature('a: int(minimum=1) -> b');
// @ts-expect-error a type that has no form here
signature('a: tuple[int, int] -> b');
