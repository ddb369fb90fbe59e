import { byPlace } from './definition';
import type { FileContents } from './file-contents';
import { listNodes, literalDefinition, literalOptions, type TypeScript } from './typescript';
import { importedNames, isSignatureFunction } from './typescript-imports';

/** The texts given to `signature('…')`, under whatever name the file imports it; a text that is computed is left out. */
export function readTypeScript(ts: TypeScript, path: string, text: string): FileContents {
  const nodes = listNodes(ts, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  const names = importedNames(ts, nodes);
  const calls = nodes.filter((node) => ts.isCallExpression(node));
  const definitions = calls
    .filter((call) => isSignatureFunction(ts, names, call.expression))
    .map(({ arguments: [definition, options] }) => literalDefinition(ts, definition, literalOptions(ts, options)))
    .filter((definition) => definition !== undefined);
  return { definitions: definitions.sort(byPlace) };
}
