import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSignature, printSignature } from '@dspy-nest/signature';
import { spanInFile, type FoundDefinition } from './definition';
import type { FileContents } from './file-contents';
import { readPythonFiles } from './python-definitions';

const CALLS = `
import dspy
a = dspy.Predict("a -> b")
b = dspy.ChainOfThought(signature='c -> d')
c = dspy.Signature("e -> f", "Be brief.")
d = dspy.ReAct("g -> h", tools=[])
`;
const IMPORTS = {
  'import dspy as d': 'd.Predict',
  'import dspy.predict': 'dspy.predict.Predict',
  'from dspy import Predict': 'Predict',
  'from dspy import Predict as P': 'P',
  'from dspy.predict.predict import Predict': 'Predict',
  'import dspy.predict.predict as p': 'p.Predict',
  'from dspy import *': 'Predict',
};
const NOT_MEANT = {
  'another package': 'from other import Predict\nPredict("a")',
  'a name of its own': 'import dspy\ndef Predict(x): pass\nPredict("a")',
  'what takes no signature': 'import dspy\ndspy.Example("a")',
  'a computed text': 'import dspy\ndspy.Predict(f"a -> {b}"); dspy.Predict("a" + x); dspy.Predict(X); dspy.Predict()',
  'a comment': 'import dspy\n# dspy.Predict("a")',
  'a class of another kind': 'import dspy\nclass X(dspy.Module):\n    a = dspy.InputField()',
  'a class without fields': 'import dspy\nclass X(dspy.Signature):\n    pass',
};
const STRINGS = String.raw`import dspy
dspy.Predict("a, "  # it's "quoted"
  R'b\w -> ' \
  """c: enum["x", '\x41\u00e9\N{GREEK SMALL LETTER ALPHA}\101\q'],
d\
""" u'😀\U0001F600')`;
const PLACES = 'import dspy\r\nx = "😀"; dspy.Predict("a😀\\u0041" \'B ->\\\r\n C\' """\r\nD""")';
const CLASS = `
import typing as t
from typing import Literal
import dspy

class Triage(dspy.Signature):
    """Choose the team.

    Be quick.
    """

    ticket: str = dspy.InputField(desc='what the "customer" wrote')
    tries: int = dspy.InputField(default=3)
    note = dspy.InputField()
    team: Literal["a", "b"] = dspy.OutputField()
    score: t.Optional[float] = dspy.OutputField()
    other: int = 3

    def method(self): pass
`;
const CLASS_PLACES = `from dspy import InputField, OutputField, Signature as Sig
class Qa(Sig):
    question: "list[strng]" = InputField()
    answer: dict[str, flot] = OutputField()
`;
const OTHER_SPACING =
  'import dspy\nclass Qa(dspy.Signature):\n    a: dict[str,flot] = dspy.InputField()\n    b = dspy.OutputField()';
const NO_OUTPUT = 'import dspy\nclass X(dspy.Signature):\n    a = dspy.InputField()';
const BROKEN = {
  'ends in the middle': 'f(',
  'has a null byte': 'x = 1\0',
  'is nested too deeply': `x = ${'['.repeat(5_000)}`,
};
const WRONG_SYNTAX = 'x = "😀"\ny = = 1 # dspy';

const callAfter = ([statement, called]: [string, string]): string => `def f():\n    ${called}("a -> b")\n${statement}`;
const SINGLE = [CALLS, STRINGS, PLACES, CLASS, CLASS_PLACES, OTHER_SPACING, NO_OUTPUT, WRONG_SYNTAX];
const LISTED = [...Object.entries(IMPORTS).map(callAfter), ...Object.values(NOT_MEANT), ...Object.values(BROKEN)];
const FILES = [...SINGLE, ...LISTED];

let folder: string;
let read: FileContents[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dspy-nest-python-'));
  const paths = FILES.map((_, index) => join(folder, `${index}.py`));
  paths.forEach((path, index) => writeFileSync(path, FILES[index] ?? ''));
  read = await readPythonFiles(paths);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (text: string): FileContents | undefined => read[FILES.indexOf(text)];
const textsOf = (text: string): string[] => fileOf(text)?.definitions.map((definition) => definition.text) ?? [];

function onlyDefinition(text: string): FoundDefinition {
  const [definition] = fileOf(text)?.definitions ?? [];
  if (definition === undefined) throw new Error('not found');
  return definition;
}

/** What stands in the file where a word of its definition is. */
function shown(file: string, word: string): string {
  const definition = onlyDefinition(file);
  const { offset, length } = spanInFile(definition, { offset: definition.text.indexOf(word), length: word.length });
  return file.slice(offset, offset + length);
}

describe('signature texts in Python', () => {
  it('are those given to what takes a signature, in any position that takes it', () => {
    expect(fileOf(CALLS)?.definitions.map(({ text, options }) => [text, options])).toEqual([
      ['a -> b', {}],
      ['c -> d', {}],
      ['e -> f', { instructions: 'Be brief.' }],
      ['g -> h', {}],
    ]);
  });

  it.each(Object.entries(IMPORTS))('are found after %s', (statement, called) => {
    expect(textsOf(callAfter([statement, called]))).toEqual(['a -> b']);
  });

  it.each(Object.entries(NOT_MEANT))('are not taken from %s', (_, file) => {
    expect(fileOf(file)).toEqual({ definitions: [] });
  });

  it('are read as Python reads them', () => {
    expect(textsOf(STRINGS)).toEqual(['a, b\\w -> c: enum["x", \'AéαA\\q\'],\nd😀😀']);
  });

  it('know where each character stands, past line breaks, wide characters and escapes', () => {
    const { text } = onlyDefinition(PLACES);
    expect(text).toBe('a😀AB -> C\nD');
    const places = ['a', 'A', 'B', 'C', 'D'].map((character) => {
      const { offset } = spanInFile(onlyDefinition(PLACES), { offset: text.indexOf(character), length: 1 });
      return PLACES.slice(offset, offset + 2);
    });
    expect(places).toEqual(['a\ud83d', '\\u', 'B ', "C'", 'D"']);
  });
});

describe('signature classes in Python', () => {
  it('become definitions with the name and the docstring of the class', () => {
    const { text, options } = onlyDefinition(CLASS);
    expect(options).toEqual({ name: 'Triage', instructions: 'Choose the team.\n\nBe quick.' });
    expect(printSignature(parseSignature(text))).toBe(
      String.raw`ticket: string "what the \"customer\" wrote", tries: int = 3, note: string -> team: enum["a", "b"], score: float?`,
    );
  });

  it.each(['question', 'strng', 'answer', 'flot'])('know where %s stands', (word) => {
    expect(shown(CLASS_PLACES, word)).toBe(word);
  });

  it('point at the beginning of a type that is not as Python prints it', () => {
    expect(shown(OTHER_SPACING, 'flot')).toBe('d');
  });

  it('point at the class for a missing side', () => {
    const definition = onlyDefinition(NO_OUTPUT);
    expect(definition.text).toBe('a -> ');
    expect(spanInFile(definition, { offset: 5, length: 1 }).offset).toBe(NO_OUTPUT.indexOf('class'));
  });
});

describe('Python files that cannot be read', () => {
  it('are told with the place', () => {
    expect(fileOf(WRONG_SYNTAX)).toEqual({
      definitions: [],
      problem: {
        code: 'invalid_python',
        message: expect.stringMatching(/^Python 3\.\d+ cannot read this file: invalid syntax\.$/) as string,
        hint: 'Mend the file, or name the files to check.',
        offset: 13,
      },
    });
  });

  it.each(Object.entries(BROKEN))('are told when one %s', (_, file) => {
    expect(fileOf(file)?.problem?.code).toBe('invalid_python');
  });

  it('say that there is no Python', async () => {
    const [first, second] = await readPythonFiles(['a.py', 'b.py'], 'python-of-nowhere');
    expect(first?.problem).toMatchObject({ code: 'python_missing', hint: expect.stringContaining('3.9') as string });
    expect(second).toEqual(first);
  });

  it('say what Python says', async () => {
    const python = join(folder, 'old-python');
    writeFileSync(python, '#!/bin/sh\necho Python 3.9 or later is needed >&2; exit 1');
    chmodSync(python, 0o755);
    const [file] = await readPythonFiles(['a.py'], python);
    expect(file?.problem).toMatchObject({
      code: 'python_failed',
      message: expect.stringContaining('is needed') as string,
    });
  });

  it('are none when there are no files', async () => {
    expect(await readPythonFiles([], 'python-of-nowhere')).toEqual([]);
  });
});
