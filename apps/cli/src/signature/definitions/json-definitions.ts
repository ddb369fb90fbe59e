import { isSignatureName, toPascalCase } from '@dspy-nest/signature';
import type ts from 'typescript';
import { byPlace, type FoundDefinition } from './definition';
import type { FileContents, FileProblem } from './file-contents';
import { listNodes, literalDefinition, literalOptions, memberOf, type TypeScript } from './typescript';

const ARROW = /->|=>/;
// What the platform takes for the name of a signature that exists, not for a definition.
const NAME = /^\w{1,63}$/;

// The compiler's types do not tell of what its parser found wrong.
type ParsedJson = ts.JsonSourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };

/**
 * The members `definition` and `signature` of objects, as in the bodies for `POST /v1/programs`. Those of the value that the
 * file is, or of an element when it is an array, are definitions whatever they say; deeper down, where these members may be
 * about anything, those with an arrow are. Comments and trailing commas are let pass.
 */
export function readJson(ts: TypeScript, path: string, text: string): FileContents {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JSON) as ParsedJson;
  const errors: ts.Diagnostic[] = [...source.parseDiagnostics];
  ts.convertToObject(source, errors);
  if (errors[0] !== undefined) return { definitions: [], problem: syntaxProblem(ts, errors[0]) };
  const bodies = bodiesOf(ts, source);
  const objects = listNodes(ts, source).filter((node) => ts.isObjectLiteralExpression(node));
  const definitions = objects.flatMap((object) =>
    readObject(ts, object).filter(({ text }) => bodies.includes(object) || ARROW.test(text)),
  );
  return { definitions: definitions.sort(byPlace) };
}

function syntaxProblem(ts: TypeScript, { messageText, start = 0 }: ts.Diagnostic): FileProblem {
  const message = `This is not JSON: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  return { code: 'invalid_json', message, hint: 'Mend the file, or name the files to check.', offset: start };
}

function bodiesOf(ts: TypeScript, { statements: [top] }: ts.SourceFile): readonly ts.Node[] {
  if (top === undefined || !ts.isExpressionStatement(top)) return [];
  return ts.isArrayLiteralExpression(top.expression) ? top.expression.elements : [top.expression];
}

function readObject(ts: TypeScript, object: ts.ObjectLiteralExpression): FoundDefinition[] {
  const { name, instructions } = literalOptions(ts, object);
  const signatureName = toPascalCase(name ?? '');
  const options = {
    ...(isSignatureName(signatureName) && { name: signatureName }),
    ...(instructions !== undefined && { instructions }),
  };
  const definition = literalDefinition(ts, memberOf(ts, object, 'definition'), options);
  const signature = literalDefinition(ts, memberOf(ts, object, 'signature'), options);
  const isName = signature !== undefined && NAME.test(signature.text);
  return [definition, isName ? undefined : signature].filter((found) => found !== undefined);
}
