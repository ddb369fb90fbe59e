import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { z } from 'zod';
import * as contracts from './index';

interface Fixture {
  name: string;
  contract: string;
  valid: boolean;
  message: unknown;
}

const folder = join(__dirname, '..');
const files = readdirSync(join(folder, 'fixtures')).filter((file) => file.endsWith('.json'));
const fixtures = files.flatMap((file) => JSON.parse(readFileSync(join(folder, 'fixtures', file), 'utf8')) as Fixture[]);
const titled = fixtures.map((fixture) => [`${fixture.contract}: ${fixture.name}`, fixture] as const);

const schemas = new Ajv2020({ strict: false });
schemas.addSchema(
  JSON.parse(readFileSync(join(folder, 'schemas', 'contracts.schema.json'), 'utf8')) as object,
  'contracts',
);

function zodSchema(contract: string): z.ZodType {
  const schema: unknown = (contracts as Record<string, unknown>)[contract];
  if (schema instanceof z.ZodType) return schema;
  throw new RangeError(`A fixture names "${contract}", which is no contract.`);
}

describe('contracts', () => {
  it('have fixtures of both kinds, each under a name of its own', () => {
    expect(fixtures.filter(({ valid }) => valid).length).toBeGreaterThanOrEqual(30);
    expect(fixtures.filter(({ valid }) => !valid).length).toBeGreaterThanOrEqual(60);
    expect(new Set(titled.map(([title]) => title)).size).toBe(fixtures.length);
  });

  it.each(titled)('zod judges as the fixture says: %s', (_title, { contract, valid, message }) => {
    expect(zodSchema(contract).safeParse(message).success).toBe(valid);
  });

  it.each(titled)('the JSON Schema judges as the fixture says: %s', (_title, { contract, valid, message }) => {
    expect(schemas.validate(`contracts#/$defs/${contract}`, message)).toBe(valid);
  });

  it.each(titled.filter(([, { valid }]) => valid))('zod changes nothing in what it accepts: %s', (_title, fixture) => {
    expect(zodSchema(fixture.contract).parse(fixture.message)).toEqual(fixture.message);
  });
});

it('answers a setting that an optimiser does not have with those that it has', () => {
  const { error } = contracts.OptimizerV1.safeParse({ name: 'LabeledFewShot', settings: { demos: 12 } });
  expect(error?.issues.map(({ path, message }) => [path.join('/'), message])).toEqual([
    ['settings', 'There is no setting demos of this optimizer; it has k.'],
  ]);
});
