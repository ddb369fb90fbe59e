import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import { ignoringExtras } from '../../test/reader-schema';
import {
  changeRules,
  diffSignatures,
  inputJsonSchema,
  outputJsonSchema,
  parseSignature,
  type ChangeCode,
  type SignatureChange,
} from '../index';

const ajv = addFormats(new Ajv2020({ strict: false }));

const inputs = (fields: string) => parseSignature(`${fields} -> z`);
const outputs = (fields: string) => parseSignature(`z -> ${fields}`);

const found = (changes: readonly SignatureChange[]): string[] =>
  changes.map(({ pointer, code, verdict }) => `${verdict} ${code} ${pointer}`);

type Row = [from: string, to: string, changes: string[], witness?: Record<string, unknown>];

/** What a caller gives, with the input that was taken before and is refused now, where there is one. */
const ofInputs: Row[] = [
  ['a', 'a, b', ['breaking required_field_added /inputs/b'], { a: '' }],
  ['a', 'a, b: string?', ['compatible optional_field_added /inputs/b']],
  ['a', 'a, b = "x"', ['compatible optional_field_added /inputs/b']],
  ['a, b: string?', 'a', ['breaking field_removed /inputs/b'], { a: '', b: '' }],
  [
    'a: object{ b, c: string? }',
    'a: object{ b }',
    ['breaking optional_member_removed /inputs/a/c'],
    { a: { b: '', c: '' } },
  ],
  ['a: object{ b }', 'a: object{ b, c }', ['breaking required_field_added /inputs/a/c'], { a: { b: '' } }],
  ['a: object{ b }', 'a: object{ b, c: string? }', ['compatible optional_field_added /inputs/a/c']],
  ['a: string?', 'a', ['breaking made_required /inputs/a'], {}],
  ['a', 'a: string?', ['compatible made_optional /inputs/a']],
  ['a', 'a = "x"', ['compatible default_added /inputs/a']],
  ['a = "x"', 'a = "y"', ['compatible default_changed /inputs/a']],
  ['a = "x"', 'a', ['breaking default_removed /inputs/a'], {}],
  ['a: string? = "x"', 'a: string?', ['compatible default_changed /inputs/a']],
  ['a: string?', 'a = "x"', ['breaking made_required /inputs/a', 'compatible default_added /inputs/a'], { a: null }],
  ['a: int', 'a: float', ['compatible type_widened /inputs/a']],
  ['a: float', 'a: int', ['breaking type_narrowed /inputs/a'], { a: 0.5 }],
  ['a: string', 'a: int', ['breaking type_changed /inputs/a'], { a: 'x' }],
  ['a: bool', 'a: enum[false, true]', ['compatible type_reworded /inputs/a']],
  ['a: reasoning', 'a: list[string]', ['compatible type_reworded /inputs/a']],
  ['a: enum["x"]', 'a: enum["x", "y"]', ['compatible enum_values_added /inputs/a']],
  ['a: enum["x", "y"]', 'a: enum["y"]', ['breaking enum_values_removed /inputs/a'], { a: 'x' }],
  ['a: enum["x", "y"]', 'a: enum["y", "x"]', ['compatible type_reworded /inputs/a']],
  ['a: int(max=5)', 'a: int(max=6)', ['compatible limit_loosened /inputs/a']],
  ['a: int', 'a: int(min=0)', ['breaking limit_tightened /inputs/a'], { a: -1 }],
  ['a: string(minLength=2)', 'a', ['compatible limit_loosened /inputs/a']],
  ['a', 'a: string(minLength=0)', ['compatible type_reworded /inputs/a']],
  ['a: string(pattern="x")', 'a: string(pattern="y")', ['breaking pattern_changed /inputs/a'], { a: 'x' }],
  ['a', 'a: string(pattern="x")', ['breaking limit_tightened /inputs/a'], { a: '' }],
  [
    'a: list[int]',
    'a: list[float](maxItems=1)',
    ['compatible type_widened /inputs/a/*', 'breaking limit_tightened /inputs/a'],
    { a: [1, 2] },
  ],
  [
    'a: dict[int, string?]',
    'a: dict[int, string(minLength=1)?]',
    ['breaking limit_tightened /inputs/a/*'],
    { a: { 1: '' } },
  ],
  ['a: dict[string, int]', 'a: dict[int, int]', ['breaking type_narrowed /inputs/a'], { a: { b: 1 } }],
  ['a "one"', 'a "two"', ['compatible description_changed /inputs/a']],
  ['a, b', 'b, a', ['compatible order_changed /inputs']],
];

/** What a reader gets, with the output that he could not be given before and may be given now, where there is one. */
const ofOutputs: Row[] = [
  ['a', 'a, b', ['compatible required_field_added /outputs/b']],
  ['a', 'a, b: string?', ['compatible optional_field_added /outputs/b']],
  ['a, b: string?', 'a', ['breaking field_removed /outputs/b'], { a: '' }],
  ['a: object{ b, c }', 'a: object{ b }', ['breaking field_removed /outputs/a/c'], { a: { b: '' } }],
  ['a: object{ b, c: string? }', 'a: object{ b }', ['compatible optional_member_removed /outputs/a/c']],
  ['a: object{ b }', 'a: object{ b, c }', ['compatible required_field_added /outputs/a/c']],
  ['a: string?', 'a', ['compatible made_required /outputs/a']],
  ['a', 'a: string?', ['breaking made_optional /outputs/a'], { a: null }],
  ['a: int', 'a: float', ['breaking type_widened /outputs/a'], { a: 0.5 }],
  ['a: float', 'a: int', ['compatible type_narrowed /outputs/a']],
  ['a: string', 'a: int', ['breaking type_changed /outputs/a'], { a: 1 }],
  ['a: bool', 'a: enum[false, true]', ['compatible type_reworded /outputs/a']],
  ['a: enum["x"]', 'a: enum["x", "y"]', ['breaking enum_values_added /outputs/a'], { a: 'y' }],
  ['a: enum["x", "y"]', 'a: enum["y"]', ['compatible enum_values_removed /outputs/a']],
  ['a: int(max=5)', 'a: int(max=6)', ['breaking limit_loosened /outputs/a'], { a: 6 }],
  ['a: int', 'a: int(min=0)', ['compatible limit_tightened /outputs/a']],
  ['a: string(pattern="x")', 'a: string(pattern="y")', ['breaking pattern_changed /outputs/a'], { a: 'y' }],
  ['a: object{ b } | int', 'a: object{ b, c } | int', ['compatible type_narrowed /outputs/a']],
  ['a "one"', 'a "two"', ['compatible description_changed /outputs/a']],
  ['a, b', 'b, a', ['compatible order_changed /outputs']],
];

const titled = (rows: Row[]): [string, Row][] => rows.map((row) => [`${row[0]} => ${row[1]}`, row]);

describe('diffSignatures of inputs', () => {
  it.each(titled(ofInputs))('%s', (_, [before, after, changes, witness]) => {
    const [from, to] = [inputs(before), inputs(after)];
    expect(found(diffSignatures(from, to).changes)).toEqual(changes);
    if (witness === undefined) return;
    const [takenBefore, takenNow] = [ajv.compile(inputJsonSchema(from)), ajv.compile(inputJsonSchema(to))];
    expect([takenBefore(witness), takenNow(witness)]).toEqual([true, false]);
  });
});

describe('diffSignatures of outputs', () => {
  it.each(titled(ofOutputs))('%s', (_, [before, after, changes, witness]) => {
    const [from, to] = [outputs(before), outputs(after)];
    expect(found(diffSignatures(from, to).changes)).toEqual(changes);
    if (witness === undefined) return;
    const [reads, writes] = [ajv.compile(ignoringExtras(outputJsonSchema(from))), ajv.compile(outputJsonSchema(to))];
    expect([reads(witness), writes(witness)]).toEqual([false, true]);
  });
});

describe('the table of rules', () => {
  const rows = [...ofInputs, ...ofOutputs];

  it('has a witness for everything that it calls breaking', () => {
    const witnessed = rows.filter(
      ([, , changes, witness]) => changes.some((line) => line.startsWith('breaking')) && witness,
    );
    const lines = new Set(witnessed.flatMap(([, , changes]) => changes.map((line) => line.split('/', 2).join('/'))));
    const breaking = (Object.keys(changeRules) as ChangeCode[]).flatMap((code) =>
      (['input', 'output'] as const)
        .filter((side) => changeRules[code][side].verdict === 'breaking')
        .map((side) => `breaking ${code} /${side}s`),
    );
    // An output has no default.
    expect(breaking.filter((line) => !lines.has(line))).toEqual(['breaking default_removed /outputs']);
  });

  it('shows every breaking change with one', () => {
    for (const [from, to, changes, witness] of rows) {
      expect([from, to, witness !== undefined]).toEqual([
        from,
        to,
        changes.some((line) => line.startsWith('breaking')),
      ]);
    }
  });
});

describe('diffSignatures', () => {
  const v1 = parseSignature('ticket: string, lang: enum["en", "de"] = "en" -> team: string', {
    instructions: 'Be brief.',
  });

  it('finds no change between spellings of one signature', () => {
    const same = parseSignature('ticket, lang: Literal["en", "de"] = "en" -> team: str', { instructions: 'Be brief.' });
    expect(diffSignatures(v1, same)).toEqual({ verdict: 'identical', changes: [] });
  });

  it('is breaking as soon as one change is, and says of each what it means', () => {
    const v2 = parseSignature('ticket: string(maxLength=80), customer -> team: string, why: string "short"', {
      instructions: 'Be kind.',
    });
    expect(diffSignatures(v1, v2)).toEqual({
      verdict: 'breaking',
      changes: [
        {
          pointer: '/inputs/ticket',
          code: 'limit_tightened',
          verdict: 'breaking',
          message: 'Input "ticket" has maxLength=80 now: values that were taken before are refused.',
          to: 80,
        },
        {
          pointer: '/inputs/lang',
          code: 'field_removed',
          verdict: 'breaking',
          message: 'Input "lang" is gone: calls that give it are refused.',
          from: 'lang: enum["en", "de"] = "en"',
        },
        {
          pointer: '/inputs/customer',
          code: 'required_field_added',
          verdict: 'breaking',
          message: 'Input "customer" is new: calls that leave it out are refused.',
          to: 'customer: string',
        },
        {
          pointer: '/outputs/why',
          code: 'required_field_added',
          verdict: 'compatible',
          message: 'Output "why" is new: answers have one more member, which readers ignore.',
          to: 'why: string "short"',
        },
        {
          pointer: '/instructions',
          code: 'instructions_changed',
          verdict: 'compatible',
          message: 'The instructions have changed: the model is asked in other words, so answers may differ.',
          from: 'Be brief.',
          to: 'Be kind.',
        },
      ],
    });
  });

  it('names the place of what is nested', () => {
    const from = inputs('order: object{ items: list[object{ price: float }] }');
    const to = inputs('order: object{ items: list[object{ price: int }] }');
    expect(diffSignatures(from, to).changes).toMatchObject([
      {
        pointer: '/inputs/order/items/*/price',
        message: expect.stringMatching(/^Input "order\.items\[\]\.price" /) as string,
      },
    ]);
  });

  it.each([
    ['question', 'query', /renamed to "query"/],
    ['colour: int, b', 'color: int, other: int, b', /renamed to "color"/],
    ['a: int', 'b: float', undefined],
    ['a: int', 'xyzw: int, qrst: int', undefined],
  ])('guesses a new name for what looks alike: %s => %s', (before, after, hint) => {
    const [removed] = diffSignatures(inputs(before), inputs(after)).changes.filter(
      ({ code }) => code === 'field_removed',
    );
    if (hint === undefined) expect(removed).not.toHaveProperty('hint');
    else expect(removed?.hint).toMatch(hint);
  });

  it('shortens a long list of values', () => {
    const [from, to] = [inputs('a: enum[0]'), inputs(`a: enum[${Array.from({ length: 9 }, (_, i) => i).join(', ')}]`)];
    expect(diffSignatures(from, to).changes[0]?.message).toContain('may be 1, 2, 3, 4, 5 and 3 more');
  });
});
