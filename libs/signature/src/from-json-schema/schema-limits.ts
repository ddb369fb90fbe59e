import { below } from '../json-schema-error';
import type { Constraints } from '../spec';
import { own, type SchemaNode, type SchemaReading } from './schema-reading';

/** The lengths and the pattern of a text. */
export function textLimits(reading: SchemaReading, node: SchemaNode): Constraints {
  return present({
    minLength: numberOf(reading, node, 'minLength'),
    maxLength: numberOf(reading, node, 'maxLength'),
    pattern: patternOf(reading, node),
  });
}

/** How many items a list has. */
export function listLimits(reading: SchemaReading, node: SchemaNode): Constraints {
  return present({
    minItems: numberOf(reading, node, 'minItems'),
    maxItems: numberOf(reading, node, 'maxItems'),
  });
}

/** The limits of a number with fractions. */
export function floatLimits(reading: SchemaReading, node: SchemaNode): Constraints {
  return present({ min: numberOf(reading, node, 'minimum'), max: numberOf(reading, node, 'maximum') });
}

/** The limits of a whole number; those that every int has are none. */
export function intLimits(reading: SchemaReading, node: SchemaNode): Constraints {
  const above = numberOf(reading, node, 'exclusiveMinimum') ?? -Infinity;
  const beneath = numberOf(reading, node, 'exclusiveMaximum') ?? Infinity;
  const min = Math.max(numberOf(reading, node, 'minimum') ?? -Infinity, above + 1);
  const max = Math.min(numberOf(reading, node, 'maximum') ?? Infinity, beneath - 1);
  return present({
    min: min > Number.MIN_SAFE_INTEGER ? min : undefined,
    max: max < Number.MAX_SAFE_INTEGER ? max : undefined,
  });
}

function numberOf(reading: SchemaReading, node: SchemaNode, keyword: string): number | undefined {
  const value = own(node.schema, keyword);
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  reading.report('malformed_schema', below(node.pointer, keyword), `"${keyword}" must be a number.`);
  return undefined;
}

function patternOf(reading: SchemaReading, node: SchemaNode): string | undefined {
  const value = own(node.schema, 'pattern');
  if (value === undefined || typeof value === 'string') return value;
  reading.report('malformed_schema', below(node.pointer, 'pattern'), '"pattern" must be a text.');
  return undefined;
}

function present(constraints: { [Name in keyof Constraints]: Constraints[Name] | undefined }): Constraints {
  const given = Object.entries(constraints).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
