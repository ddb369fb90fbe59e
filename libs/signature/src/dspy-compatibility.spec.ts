import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSignature, parseSignature, type FieldType } from './index';

// Made by running DSPy 3.4.1 on each text; python-worker/tests/runtime/test_dspy_compatibility.py asks it again.
interface Row {
  signature: string;
  ok: boolean;
  inputs: [name: string, type: string][];
  outputs: [name: string, type: string][];
}

interface Difference {
  class: string;
  reason: string;
  texts: string[];
}

const fixture = (name: string): string => readFileSync(join(__dirname, '../fixtures', name), 'utf8');
const rowsOf = (name: string): Row[] =>
  fixture(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const given = rowsOf('dspy-signatures.jsonl');
const rows = [...given, ...rowsOf('dspy-more-signatures.jsonl')];
// The deliberate differences: what DSPy reads and the language refuses, and what only the language reads.
const differences = JSON.parse(fixture('dspy-differences.json')) as { refused: Difference[]; read: Difference[] };
const refusedOnPurpose = new Set(differences.refused.flatMap(({ texts }) => texts));
const readOnPurpose = new Set(differences.read.flatMap(({ texts }) => texts));

const pythonWords: Record<string, string> = {
  string: 'str',
  json: 'typing.Any',
  date: 'datetime.date',
  datetime: 'datetime.datetime',
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
  if (typeof value !== 'string') return String(value);
  const quote = value.includes("'") ? '"' : "'";
  return `${quote}${value.replaceAll('\n', '\\n')}${quote}`;
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

type Verdict = 'agree' | 'deliberate' | 'disagree';

function verdictOf(row: Row): Verdict {
  const { valid } = checkSignature(row.signature);
  if (row.ok && refusedOnPurpose.has(row.signature)) return valid ? 'disagree' : 'deliberate';
  if (!row.ok && readOnPurpose.has(row.signature)) return valid ? 'deliberate' : 'disagree';
  if (row.ok !== valid) return 'disagree';
  return valid && !hasSameFields(row) ? 'disagree' : 'agree';
}

function hasSameFields({ signature, inputs, outputs }: Row): boolean {
  const ofDspy = (fields: Row['inputs']): Row['inputs'] => fields.map(([name, type]) => [name, normal(type)]);
  return JSON.stringify(sides(signature)) === JSON.stringify({ inputs: ofDspy(inputs), outputs: ofDspy(outputs) });
}

function table(some: readonly Row[]): Record<Verdict, number> {
  const counts = { agree: 0, deliberate: 0, disagree: 0 };
  for (const row of some) counts[verdictOf(row)] += 1;
  return counts;
}

describe('the texts of DSPy', () => {
  it('are read as DSPy reads them, but for the deliberate differences', () => {
    expect(rows.filter((row) => verdictOf(row) === 'disagree')).toEqual([]);
    expect(table(given)).toEqual({ agree: 68, deliberate: 25, disagree: 0 });
    expect(table(rows)).toEqual({ agree: 170, deliberate: 62, disagree: 0 });
  });

  it('have a deliberate difference each at most, and none for a text that is not there', () => {
    const listed = [...differences.refused, ...differences.read].flatMap(({ texts }) => texts);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((text) => rows.every((row) => row.signature !== text))).toEqual([]);
  });

  it.each(differences.refused.map((difference) => [difference.class, difference] as const))(
    'are refused with a reason: %s',
    (_, difference) => {
      for (const text of difference.texts) {
        const { errors } = checkSignature(text);
        expect([text, errors.length > 0]).toEqual([text, true]);
        for (const { code, hint } of errors) {
          if (difference.class === 'types without a form') expect([text, code]).toEqual([text, 'unsupported_type']);
          if (code === 'unsupported_type') expect([text, hint]).toEqual([text, expect.any(String)]);
        }
      }
    },
  );
});
