import { contractBundle, subset } from './contracts-schema';

const definitions = (schema: object): string[] => Object.keys((schema as { $defs: object }).$defs);

describe('contract schemas', () => {
  const bundle = contractBundle();

  it('take along what a contract reaches, also round a cycle, and nothing else', () => {
    const names = definitions(subset(bundle, ['SignatureSpec']));
    expect(names).toEqual(expect.arrayContaining(['SignatureSpec', 'Field', 'FieldType', 'ObjectType', 'Constraints']));
    expect(names).not.toContain('ModelConnectionV1');
  });

  it('refuse a contract that is not there', () => {
    expect(() => subset(bundle, ['Nonsense'])).toThrow(/"Nonsense".*meta/);
  });

  it('have their definitions in order, so that a new one changes few lines', () => {
    const names = definitions(bundle);
    expect(names).toEqual(names.toSorted());
    expect(names.length).toBeGreaterThan(50);
  });

  it('tell the structured types apart by kind', () => {
    const types = (bundle['$defs'] as Record<string, object>)['StructuredType'];
    expect(types).toMatchObject({ discriminator: { propertyName: 'kind' } });
  });
});
