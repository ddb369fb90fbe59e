import { join } from 'node:path';
import ts from 'typescript';
import { checkSignature, signature, type Inputs } from './index';

const source = join(__dirname, 'virtual-signatures.ts');
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

let previous: ts.Program | undefined;

function compile(lines: readonly string[]): { messages: Map<number, string>; instantiations: number } {
  const text = ["import { signature, type Inputs, type Outputs } from './index';", ...lines].join('\n');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === source || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === source
      ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023)
      : (previous?.getSourceFile(file) ?? getSourceFile(file, ...rest));
  const program = ts.createProgram([source], options, host);
  previous = program;
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(source));
  return {
    messages: new Map(diagnostics.map((diagnostic) => [lineOf(diagnostic), textOf(diagnostic)])),
    instantiations: program.getInstantiationCount(),
  };
}

const lineOf = ({ file, start = 0 }: ts.Diagnostic): number => file?.getLineAndCharacterOfPosition(start).line ?? 0;
const textOf = ({ messageText }: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(messageText, '\n');
const call = (text: string): string => `signature(${JSON.stringify(text)});`;

describe('signature', () => {
  it('carries the spec of its text', () => {
    const qa = signature('question -> answer: str', { name: 'Qa', instructions: 'Be brief.' });
    const inputs: Inputs<typeof qa> = { question: 'Why?' };
    expect(inputs).toEqual({ question: 'Why?' });
    expect(qa.text).toBe('question -> answer: str');
    expect(qa.spec).toMatchObject({
      name: 'Qa',
      definition: 'question: string -> answer: string',
      instructions: 'Be brief.',
    });
  });

  it('throws for an unknown text what the compiler says of a literal', () => {
    const text: string = 'question -> answer: strin';
    expect(() => signature(text)).toThrow('Unknown type "strin" of field "answer".');
  });
});

describe('the error of the compiler', () => {
  const bad = [
    'question: string -> answer: strin',
    'question -> answer: list[optional[dict[string, strin]]]',
    'a -> b: int | strin',
    'a -> b: object{ c: list[strin] }',
    '',
    'question',
    'question -> ',
    ' -> answer',
    'a => b',
    'a -> b -> c',
    'a -> a',
    'a, a -> b',
    'class -> a',
    'lm -> a',
    'model_config -> a',
    '_a -> b',
    'my-field -> b',
    'naïve -> b',
    '*args -> b',
    ', a -> b',
    'a: -> b',
    'a: [int] -> b',
    'a: "what" -> b',
    'a b -> c',
    'a -> b # c',
    'a: list[int -> b',
    'a: list[int, string] -> b',
    'a: dict[string] -> b',
    'a: dict[bool, string] -> b',
    'a: int[string] -> b',
    'a: optional -> b',
    'a: tuple[int, int] -> b',
    'a: typing.Tuple -> b',
    'a: typing.str -> b',
    'a: list[None] -> b',
    'a: None -> b',
    'a: enum -> b',
    'a: enum[] -> b',
    'a: enum["x", "x"] -> b',
    'a: enum[1.5] -> b',
    'a: enum["x" "y"] -> b',
    'a: object -> b',
    'a: object{} -> b',
    'a: object{ b: int c } -> b',
    'a: int(minimum=1) -> b',
    'a: int(min) -> b',
    'a: int(min=) -> b',
    'a: int(min=1 -> b',
    'a: int = "c" -> b',
    'a: int = -> b',
    'a -> b = "c"',
    'a "open -> b',
    'a "bad \\x escape" -> b',
    'a "b" "c" -> d',
  ];
  const { messages } = compile(bad.map(call));

  it.each(bad.map((text, index) => [text, index] as const))('is that of the run time: %s', (text, index) => {
    const [first] = checkSignature(text).errors;
    expect(messages.get(index + 1)).toContain(`parameter of type '${JSON.stringify(first?.message)}'`);
  });
});

describe('the cost of types', () => {
  const typesOf = (text: string): string[] => [
    `const it = ${call(text)}`,
    'export type In = Inputs<typeof it>;',
    'export const read = (i: In, o: Outputs<typeof it>) => [i.question, o.confidence];',
  ];
  const idle = compile(['export const nothing = [signature];']).instantiations;
  const costOf = (text: string): number => {
    const { messages, instantiations } = compile(typesOf(text));
    expect(messages).toEqual(new Map());
    return instantiations - idle;
  };

  it('is at most 6,000 instantiations for 8 plain fields', () => {
    const text =
      'question: string, context: string, language: string, limit: int -> answer: string, title: string, verified: bool, confidence: probability';
    expect(costOf(text)).toBeLessThanOrEqual(6_000);
  });

  it('stays below the limit of recursion with 64 fields a side', () => {
    const side = (prefix: string): string =>
      Array.from({ length: 63 }, (_, i) => `${prefix}_field_number_${i}: list[int]`).join(', ');
    const text = `question "${'long '.repeat(400)}", ${side('input')} -> confidence: float, ${side('output')}`;
    expect(costOf(text)).toBeLessThanOrEqual(120_000);
  });
});
