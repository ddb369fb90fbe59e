import { findNameFaults } from './names';

const rulesFor = (path: string, text = 'export {};\n'): string[] =>
  findNameFaults([{ path, text }]).map(({ rule }) => rule);
const subject = ['dspy', 'evt', 'default'].join('.');

describe('findNameFaults', () => {
  it.each([
    ['apps/registry/src/programs/programs.service.ts'],
    ['libs/contracts/src/index.ts'],
    ['libs/contracts/src/messages/execution-requests.v1.ts'],
    ['apps/registry/src/migrations/1763800000000-create-registry.ts'],
    ['python-worker/src/dspy_worker/runtime/transport/active_call.py'],
    ['libs/signature/src/signature.test-d.ts'],
  ])('finds nothing wrong with %s', (path) => expect(rulesFor(path)).toEqual([]));

  it.each([
    ['apps/registry/src/utils.ts', 'drawer'],
    ['apps/registry/src/programs/program.helper.ts', 'drawer'],
    ['apps/registry/src/common/clock.ts', 'drawer'],
    ['python-worker/src/dspy_worker/misc.py', 'drawer'],
    ['apps/registry/src/programs/index.ts', 'barrel'],
    ['apps/registry/src/programService.ts', 'kebab-case'],
    ['apps/registry/src/a/b/c/d/deep.ts', 'depth'],
  ])('faults %s: %s', (path, rule) => expect(rulesFor(path)).toEqual([rule]));

  it('faults the line too many only', () => {
    expect(rulesFor('apps/registry/src/long.ts', '\n'.repeat(400))).toEqual([]);
    expect(rulesFor('apps/registry/src/long.ts', '\n'.repeat(401))).toEqual(['file-length']);
  });

  it('faults a subject outside the contracts, in either language, but lets tests say what is on the wire', () => {
    expect(rulesFor('apps/registry/src/a.ts', `const s = '${subject}';`)).toEqual(['subject']);
    expect(rulesFor('apps/registry/src/a.ts', `const s = \`${subject}\`;`)).toEqual(['subject']);
    expect(rulesFor('python-worker/src/dspy_worker/a.py', `S = "${subject}"`)).toEqual(['subject']);
    expect(rulesFor('libs/contracts/src/subjects.ts', `const s = '${subject}';`)).toEqual([]);
    expect(rulesFor('python-worker/src/dspy_worker/contracts/subjects.py', `S = "${subject}"`)).toEqual([]);
    expect(rulesFor('apps/registry/test/a.int-spec.ts', `const s = '${subject}';`)).toEqual([]);
  });

  it('faults what Node cannot run without a build', () => {
    const text = 'export class A { constructor(private readonly b: string) {} }';
    expect(rulesFor('libs/testing/src/a.ts', text)).toEqual(['erasable']);
    expect(rulesFor('scripts/faults/a.ts', text)).toEqual(['erasable']);
    expect(rulesFor('libs/testing/src/a.ts', 'export class A { readonly b: string = ""; }')).toEqual([]);
    expect(rulesFor('apps/registry/src/a.ts', text)).toEqual([]);
  });

  it('faults forwardRef', () => {
    expect(rulesFor('apps/registry/src/a.module.ts', 'imports: [forwardRef(() => B)]')).toEqual(['forward-ref']);
  });

  it('gives one any to a thousand lines', () => {
    const text = `let a: any;\n${'\n'.repeat(999)}`;
    const files = [0, 1, 2].map((n) => ({ path: `libs/platform/src/f${n}.ts`, text: text.slice(0, 330) }));
    expect(findNameFaults(files)).toMatchObject([
      { rule: 'any-budget', message: expect.stringContaining('f2.ts') as string },
    ]);
    expect(
      findNameFaults(
        [0, 1, 2].map((n) => ({
          path: `libs/platform/src/f${n}.ts`,
          text: '\n'.repeat(340) + (n === 0 ? 'let a: any;' : ''),
        })),
      ),
    ).toEqual([]);
  });

  it('takes neither comments nor the English word for the type', () => {
    expect(rulesFor('libs/platform/src/a.ts', '// (any of these)\n/** x: any */\nconst any = 1;\nf(any());\n')).toEqual(
      [],
    );
  });

  it.each(['x as any', 'let x: any;', 'Array<any>', 'string | any', 'any[]'])('takes `%s` for the type', (text) => {
    expect(rulesFor('libs/platform/src/a.ts', text)).toEqual(['any-budget']);
  });
});
