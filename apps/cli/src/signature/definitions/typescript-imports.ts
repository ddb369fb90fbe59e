import type ts from 'typescript';
import type { TypeScript } from './typescript';

const PACKAGE = '@dspy-nest/signature';
const FUNCTION = 'signature';

/** The names under which a file knows the function `signature`, and the package as a whole. */
export interface SignatureNames {
  readonly functions: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

/** Reads the names from `import …` declarations and from variables made of `require(…)` or `await import(…)`. */
export function importedNames(ts: TypeScript, nodes: readonly ts.Node[]): SignatureNames {
  const bindings = nodes.flatMap((node) => bindingsOf(ts, node));
  const functions = bindings.filter(({ member }) => member === FUNCTION).map(({ name }) => name);
  const packages = bindings.filter(({ member }) => member === undefined).map(({ name }) => name);
  return { functions: new Set(functions), packages: new Set(packages) };
}

/** Tells whether an expression that is called is the function `signature`. */
export function isSignatureFunction(ts: TypeScript, names: SignatureNames, called: ts.Expression): boolean {
  if (ts.isIdentifier(called)) return names.functions.has(called.text);
  if (!ts.isPropertyAccessExpression(called) || called.name.text !== FUNCTION) return false;
  return ts.isIdentifier(called.expression) && names.packages.has(called.expression.text);
}

/** A name, and the member of the package that it stands for, or the whole package. */
interface Binding {
  readonly name: string;
  readonly member?: string;
}

function bindingsOf(ts: TypeScript, node: ts.Node): Binding[] {
  if (ts.isImportDeclaration(node)) return isPackage(ts, node.moduleSpecifier) ? importBindings(ts, node) : [];
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return [];
  return loadsPackage(ts, node.initializer) ? variableBindings(ts, node.name) : [];
}

function importBindings(ts: TypeScript, { importClause }: ts.ImportDeclaration): Binding[] {
  const { name, namedBindings } = importClause ?? {};
  const whole = name === undefined ? [] : [{ name: name.text }];
  if (namedBindings === undefined) return whole;
  if (ts.isNamespaceImport(namedBindings)) return [...whole, { name: namedBindings.name.text }];
  return [...whole, ...namedBindings.elements.map(({ name, propertyName }) => ({ name: name.text, member: (propertyName ?? name).text }))]; // prettier-ignore
}

function variableBindings(ts: TypeScript, name: ts.BindingName): Binding[] {
  if (ts.isIdentifier(name)) return [{ name: name.text }];
  if (ts.isArrayBindingPattern(name)) return [];
  return name.elements.flatMap((element) => {
    const member = element.propertyName ?? element.name;
    return ts.isIdentifier(element.name) && ts.isIdentifier(member)
      ? [{ name: element.name.text, member: member.text }]
      : [];
  });
}

function loadsPackage(ts: TypeScript, expression: ts.Expression): boolean {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call) || !isPackage(ts, call.arguments[0])) return false;
  const { expression: loader } = call;
  return loader.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(loader) && loader.text === 'require');
}

function isPackage(ts: TypeScript, node: ts.Node | undefined): boolean {
  return node !== undefined && ts.isStringLiteralLike(node) && node.text === PACKAGE;
}
