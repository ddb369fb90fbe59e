import { getMetadataStorage } from 'class-validator';
import type { Constraints, EnumValue, FieldType } from '../spec';
import { PropertyFault } from './class-error';
import type { Class } from './declarations';

/** What the validators of a property say, of itself or of each of its items. */
export interface ValidatorFacts {
  types: FieldType[];
  limits: Constraints[];
  /** Rules that the signature language has no word for. */
  unknown: string[];
  isList: boolean;
  isOptional: boolean;
  isNotEmpty: boolean;
}

type Arguments = readonly unknown[];

const text = (): FieldType => 'string';
const moment = (): FieldType => 'datetime';
const enumOf = (values: unknown): FieldType => ({ kind: 'enum', values: values as EnumValue[] });

const types = new Map<string, (args: Arguments) => FieldType>(
  Object.entries({
    isString: text,
    isInt: () => 'int',
    isNumber: () => 'float',
    isBoolean: () => 'bool',
    isEmail: () => 'email',
    isUrl: () => 'url',
    isDate: moment,
    isDateString: moment,
    isIso8601: moment,
    isRFC3339: moment,
    isIn: ([values]) => enumOf(values),
    isEnum: ([, values]) => enumOf(values),
    isObject: () => ({ kind: 'dict', keys: 'string', values: 'json' }),
  } satisfies Record<string, (args: Arguments) => FieldType>),
);

const limits = new Map<string, (args: Arguments) => Constraints>(
  Object.entries({
    min: ([min]) => ({ min }) as Constraints,
    max: ([max]) => ({ max }) as Constraints,
    minLength: ([minLength]) => ({ minLength }) as Constraints,
    maxLength: ([maxLength]) => ({ maxLength }) as Constraints,
    isLength: ([minLength, maxLength]) =>
      (maxLength === undefined ? { minLength } : { minLength, maxLength }) as Constraints,
    matches: ([pattern, flags]) => ({ pattern: patternOf(pattern as RegExp | string, flags as string | undefined) }),
    arrayMinSize: ([minItems]) => ({ minItems }) as Constraints,
    arrayMaxSize: ([maxItems]) => ({ maxItems }) as Constraints,
    arrayNotEmpty: () => ({ minItems: 1 }),
  } satisfies Record<string, (args: Arguments) => Constraints>),
);

const lists: readonly string[] = ['isArray', 'arrayMinSize', 'arrayMaxSize', 'arrayNotEmpty'];
const silent: readonly string[] = [
  'isOptional',
  'isDefined',
  'isNotEmpty',
  'isArray',
  'nestedValidation',
  'whitelistValidation',
];

interface Rule {
  name: string;
  args: Arguments;
  each: boolean;
}

/** What class-validator was told about a property: `own` of itself, `each` of its items. */
export function validatorFacts(target: Class, property: string): { own: ValidatorFacts; each: ValidatorFacts } {
  const rules = rulesOf(target).get(property) ?? [];
  return { own: factsOf(rules.filter(({ each }) => !each)), each: factsOf(rules.filter(({ each }) => each)) };
}

/** The properties that class-validator was told about, in the order of the text. */
export function validatedProperties(target: Class): string[] {
  return [...rulesOf(target).keys()];
}

function rulesOf(target: Class): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const given of getMetadataStorage().getTargetValidationMetadatas(target, '', true, false)) {
    const { propertyName, name, type, each } = given;
    // A validator without arguments has none, whatever its type says.
    const args = (given.constraints as Arguments | undefined) ?? [];
    const known = rules.get(propertyName) ?? [];
    rules.set(propertyName, [...known, { name: name ?? type, args, each }]);
  }
  return rules;
}

function factsOf(rules: readonly Rule[]): ValidatorFacts {
  return {
    types: rules.flatMap(({ name, args }) => types.get(name)?.(args) ?? []),
    limits: rules.flatMap(({ name, args }) => limits.get(name)?.(args) ?? []),
    unknown: rules.map(({ name }) => name).filter((name) => !isKnown(name)),
    isList: rules.some(({ name }) => lists.includes(name)),
    isOptional: rules.some(({ name }) => name === 'isOptional'),
    isNotEmpty: rules.some(({ name }) => name === 'isNotEmpty'),
  };
}

function isKnown(name: string): boolean {
  return silent.includes(name) || types.has(name) || limits.has(name);
}

function patternOf(pattern: RegExp | string, modifiers = ''): string {
  const [source, given] =
    typeof pattern === 'string' ? [pattern, modifiers] : [unescapeSlashes(pattern.source), pattern.flags];
  const flags = given.replace('u', '');
  if (flags === '') return source;
  const message = `A pattern of a signature has no flags such as "${flags}".`;
  throw new PropertyFault('unsupported_validator', message, 'Write what they mean into the pattern, as in [Aa].');
}

// In the source of an expression a slash is escaped, which is another text of the same pattern.
function unescapeSlashes(source: string): string {
  return source.replace(/\\(.)/gs, (escaped, character) => (character === '/' ? '/' : escaped));
}
