import type { Constraints, EnumValue } from '../spec';

/** A class, as a value. */
export type Class = abstract new (...args: never[]) => object;

/** What a decorator can say of a property, beside its limits. */
export interface FieldOptions extends Constraints {
  /** In the signature language, as in `list[string]`; or a class whose members are those of an object, in `[]` for a list of it. */
  type?: string | (() => Class | readonly [Class]);
  description?: string;
  /** Whether it may be absent or null. */
  optional?: boolean;
}

/** The same for an input, which alone can have a default. */
export interface InputOptions extends FieldOptions {
  default?: EnumValue | null;
}

/** What a class can say of its signature. */
export interface SignatureOptions {
  /** The name of the class when absent. */
  name?: string;
  instructions?: string;
}

/** Where a property belongs: to a side of the signature, or to an object. */
export type Place = 'input' | 'output' | 'object';

/** One decorated property. */
export interface Declaration {
  readonly name: string;
  readonly place: Place;
  readonly options: InputOptions;
}

interface ClassDeclaration {
  signature?: SignatureOptions;
  readonly properties: Map<string, Declaration>;
}

const declarations = new WeakMap<Class, ClassDeclaration>();

function declarationOf(target: Class): ClassDeclaration {
  const found = declarations.get(target) ?? { properties: new Map<string, Declaration>() };
  declarations.set(target, found);
  return found;
}

/** Notes that a class is a signature. */
export function declareSignature(target: Class, options: SignatureOptions): void {
  declarationOf(target).signature = options;
}

/** Notes a property of a class. */
export function declareProperty(target: Class, declaration: Declaration): void {
  declarationOf(target).properties.set(declaration.name, declaration);
}

/** What a class itself says of its signature, if it is one. */
export function signatureOptionsOf(target: Class): SignatureOptions | undefined {
  return declarations.get(target)?.signature;
}

/** The decorated properties of a class in the order of the text, inherited ones first; the last word on a name counts. */
export function propertiesOf(target: Class): Declaration[] {
  const own = [...(declarations.get(target)?.properties ?? [])];
  const parent = Object.getPrototypeOf(target) as Class | null;
  const inherited = typeof parent === 'function' ? propertiesOf(parent) : [];
  const names = inherited.map((declaration): [string, Declaration] => [declaration.name, declaration]);
  return [...new Map([...names, ...own]).values()];
}
