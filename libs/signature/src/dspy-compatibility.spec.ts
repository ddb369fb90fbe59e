import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSignature, parseSignature, type FieldType } from './index';

// The rows were made by running DSPy 3.4.1 on each text.
interface Row {
  signature: string;
  ok: boolean;
  inputs: [name: string, type: string][];
  outputs: [name: string, type: string][];
}

const rows = readFileSync(join(__dirname, '../fixtures/dspy-signatures.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

// Where the language differs on purpose: what DSPy reads and we refuse, by reason, and what only we read.
const refusedOnPurpose = {
  'a type that has no form here': [
    'x: complex -> y: complex',
    'x: None -> y',
    'x: NoneType -> y',
    'x: dspy.History, question -> answer',
    'x: list[int, str] -> y',
    'x: uuid.UUID -> y',
    'x: set[int] -> y: frozenset[str]',
    "x -> code: dspy.Code['python']",
    'x -> code: dspy.Code["python"]',
    'x -> code: dspy.Code',
    "x: Annotated[str, Field(description='d')] -> y",
    'x: dspy.Audio -> y: str',
    'x: str, y: Sequence[int] -> z: Mapping[str, int]',
    'x: decimal.Decimal -> y',
    'question, tools: list[dspy.Tool] -> outputs: dspy.ToolCalls',
  ],
  'a name that is not ASCII': ['质问 -> 答案', 'naïve -> réponse'],
  'Python syntax for parameters that is no field': ['*args -> y', '**kw -> y', 'x, *, z -> y'],
  'an empty side': [' -> y', 'x -> '],
};
const readOnPurpose = {
  'our words for types': ['x: datetime -> y', 'x: date -> y', 'x: json -> y'],
  'an arrow inside a string': ["x -> n: Literal['a -> b']"],
};

const differs = new Set(Object.values({ ...refusedOnPurpose, ...readOnPurpose }).flat());
const agreeing = rows.filter((row) => !differs.has(row.signature));
const accepted = agreeing.filter((row) => row.ok);
const refused = agreeing.filter((row) => !row.ok);

const pythonWords: Record<string, string> = {
  string: 'str',
  json: 'typing.Any',
  image: 'dspy.adapters.types.image.Image',
};

// DSPy's own way to write a type, from ours.
function inPython(type: FieldType): string {
  if (typeof type === 'string') return pythonWords[type] ?? type;
  switch (type.kind) {
    case 'list':
      return `list[${inPython(type.items)}]`;
    case 'dict':
      return `dict[${inPython(type.keys)}, ${inPython(type.values)}]`;
    case 'optional':
      return `Optional[${inPython(type.of)}]`;
    case 'union':
      return `Union[${type.members.map(inPython).join(', ')}]`;
    case 'enum':
      return `Literal[${type.values.map(literalInPython).join(', ')}]`;
    case 'object':
    case 'constrained':
      throw new Error(`DSPy's texts have no ${type.kind}`);
  }
}

function literalInPython(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

// Spellings of the same type in DSPy's answers: `List` for `list`, null as a member of a union, bare collections.
function normal(type: string): string {
  const bare: Record<string, string> = { list: 'list[typing.Any]', dict: 'dict[str, typing.Any]' };
  return (bare[type] ?? type)
    .replaceAll('List[', 'list[')
    .replaceAll('Dict[', 'dict[')
    .replace(/^Union\[(.*), NoneType\]$/, 'Optional[Union[$1]]');
}

function sides(text: string): Pick<Row, 'inputs' | 'outputs'> {
  const { inputs, outputs } = parseSignature(text);
  const [first, second] = [inputs, outputs].map((fields) =>
    fields.map(({ name, type, optional }): [string, string] => [
      name,
      optional ? `Optional[${inPython(type)}]` : inPython(type),
    ]),
  );
  return { inputs: first ?? [], outputs: second ?? [] };
}

describe('the texts of DSPy', () => {
  it('are all sorted: agreeing, refused on purpose, read on purpose', () => {
    const texts = new Set(rows.map((row) => row.signature));
    expect([...differs].filter((text) => !texts.has(text))).toEqual([]);
    expect(agreeing.length + differs.size).toBe(rows.length);
  });

  it.each(accepted.map((row) => [row.signature, row] as const))('give the same fields and types: %j', (text, row) => {
    const ofDspy = (fields: Row['inputs']): Row['inputs'] => fields.map(([name, type]) => [name, normal(type)]);
    expect(sides(text)).toEqual({ inputs: ofDspy(row.inputs), outputs: ofDspy(row.outputs) });
  });

  it.each(refused.map((row) => row.signature))('are refused where DSPy refuses: %j', (text) => {
    expect(checkSignature(text).valid).toBe(false);
  });

  it.each(Object.entries(refusedOnPurpose))('are refused on purpose: %s', (_, texts) => {
    for (const text of texts) {
      expect(rows.find((row) => row.signature === text)?.ok).toBe(true);
      expect(checkSignature(text).valid).toBe(false);
    }
  });

  it('name the type that has no form here', () => {
    for (const text of refusedOnPurpose['a type that has no form here']) {
      expect(checkSignature(text).errors.map((error) => error.code)).toContain('unsupported_type');
    }
  });

  it.each(Object.entries(readOnPurpose))('are read on purpose: %s', (_, texts) => {
    for (const text of texts) {
      expect(rows.find((row) => row.signature === text)?.ok).toBe(false);
      expect(checkSignature(text).errors).toEqual([]);
    }
  });
});
