import { stat } from 'node:fs/promises';
import { inputJsonSchema, outputJsonSchema, parseSignature, type SignatureSpec } from '@dspy-nest/signature';
import { Option, type Command } from 'commander';
import { examples } from '../../command-help';
import { CommandError, exitCodes } from '../../command.errors';
import { paintFor, toJson } from '../../output';
import { judge, renderErrors } from '../check/check-report';
import { findFiles, languageOf } from '../definitions/find-files';
import { givenText, readStdin, STDIN } from '../definitions/given-text';
import { readFiles, type ReadFile } from '../definitions/read-files';

const DESCRIPTION =
  'Prints a signature in its canonical text, the signatures of a file one a line. As JSON it is an object for a definition, and an array for a file.';

const EXAMPLES = examples(
  'dspy-nest signature print "question, docs: list[str] -> answer"',
  'dspy-nest signature print src/qa.ts --json',
  'dspy-nest signature print - --json-schema < qa.txt',
);

/** Adds `dspy-nest signature print`. */
export function addPrintCommand(signature: Command): void {
  signature
    .command('print')
    .summary('print a definition as canonical text, spec or JSON Schema')
    .description(DESCRIPTION)
    .argument('<definition|file>', 'a definition, "-" for one on stdin, or a file of the kinds that check knows')
    .addOption(new Option('--json', 'print the spec').conflicts('jsonSchema'))
    .option('--json-schema', 'print the JSON Schemas of the inputs and the outputs')
    .addHelpText('after', EXAMPLES)
    .action(print);
}

interface PrintOptions {
  readonly json?: boolean;
  readonly jsonSchema?: boolean;
}

async function print(given: string, options: PrintOptions): Promise<void> {
  const isFile = given !== STDIN && (await exists(given));
  const file = isFile ? await readOne(given) : await readText(given);
  const judged = judge([file]);
  const errors = renderErrors(judged, paintFor(process.stderr));
  if (errors !== '') throw new CommandError(exitCodes.notRight, errors.trimEnd());
  const specs = file.definitions.map(({ text, options }) => parseSignature(text, options));
  process.stdout.write(render(specs, isFile, options));
}

function readText(given: string): Promise<ReadFile> | ReadFile {
  if (given === STDIN) return readStdin();
  if (languageOf(given) === undefined) return givenText(given);
  throw new CommandError(exitCodes.usage, `There is no file ${given}.`);
}

async function readOne(path: string): Promise<ReadFile> {
  const { files } = await readFiles(await findFiles([path]));
  const [file] = files;
  if (files.length > 1) throw new CommandError(exitCodes.usage, `${path} holds several files: name one.`);
  if (file !== undefined && (file.definitions.length > 0 || file.problem !== undefined)) return file;
  throw new CommandError(exitCodes.notRight, `${path} holds no definition; signature check --help says what is one.`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false); // prettier-ignore
}

function render(specs: readonly SignatureSpec[], isFile: boolean, { json, jsonSchema }: PrintOptions): string {
  if (json !== true && jsonSchema !== true) return specs.map(({ definition }) => `${definition}\n`).join('');
  const shown = jsonSchema === true ? specs.map(toSchemas) : specs;
  return toJson(isFile ? shown : shown[0]);
}

function toSchemas(spec: SignatureSpec): object {
  return { input: inputJsonSchema(spec), output: outputJsonSchema(spec) };
}
