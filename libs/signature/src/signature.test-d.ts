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
const defaults = signature(
  'a = "b", c: int? = 3, d: enum["x", "y"] = "x", e: json = null, f: int | float = 1.5, g: float(min=0)? = None -> h',
);
const escaped = signature(
  'a: enum["\\u0061", "b"], c: enum[1e2, 3], d: enum["\\n"] -> e: object{ f: int "d" , g: json?, }',
);
const optionals = signature(
  'a: list[int?], b: optional[list[Optional[int]]] -> c: dict[int, str | None], d: Union[None, bool]',
);
const all = signature(
  'a: object{ b: object{ c: list[object{ d: enum[1, "two", true]? }](minItems=1) } } -> e: list, f: dict',
);
declare const oneOrOther: 'a: int -> b' | 'c?: int -> d: bool';
declare const one: 'a: int -> b' | 'c: bool? -> d: bool';
const several = signature(one);
declare const unknownText: string;
const loose = signature(unknownText);
const holed = signature(`a -> b: ${unknownText}`, { name: 'Holed', instructions: 'Be brief.' });

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
  Expect<
    Equal<
      Inputs<typeof defaults>,
      { a?: string; c?: number | null; d?: 'x' | 'y'; e?: unknown; f?: number; g?: number | null }
    >
  >,
  Expect<Equal<Inputs<typeof escaped>, { a: string; c: number; d: '\n' }>>,
  Expect<Equal<Outputs<typeof escaped>, { e: { f: number; g?: unknown } }>>,
  Expect<Equal<Inputs<typeof optionals>, { a: (number | null)[]; b?: (number | null)[] | null }>>,
  Expect<Equal<Outputs<typeof optionals>, { c: Record<number, string | null>; d: boolean | null }>>,
  Expect<Equal<Inputs<typeof all>, { a: { b: { c: { d?: 1 | 'two' | true | null }[] } } }>>,
  Expect<Equal<Outputs<typeof all>, { e: unknown[]; f: Record<string, unknown> }>>,
  Expect<Equal<Inputs<typeof several>, { a: number } | { c?: boolean | null }>>,
  Expect<Equal<Outputs<typeof several>, { b: string } | { d: boolean }>>,
  Expect<Equal<Inputs<typeof loose>, Record<string, unknown>>>,
  Expect<Equal<Inputs<typeof holed>, Record<string, unknown>>>,
  Expect<Equal<Outputs<typeof loose>, Record<string, unknown>>>,
];

// What the messages say is asserted by `test/compilers.spec.ts`.
// @ts-expect-error an unknown type
signature('question: string -> answer: strin');
// @ts-expect-error one of several texts is wrong
signature(oneOrOther);

const input: Inputs<typeof limited> = { x: 3 };
// @ts-expect-error not one of the values
export const wrong: Outputs<typeof enums> = { y: 3, z: null, w: 'a' };
// @ts-expect-error an input that is not there
export const more: Inputs<typeof plain> = { ...input, question: 'Why?', answer: 'Because.' };
