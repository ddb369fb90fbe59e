import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ValidationFailedError } from '@dspy-nest/platform';
import { checkToolGrants, readToolGrants } from './tool-grants';

const folder = mkdtempSync(join(tmpdir(), 'tool-grants-'));
afterAll(() => rmSync(folder, { recursive: true }));

function grantsIn(content: unknown): ReturnType<typeof readToolGrants> {
  const path = join(folder, 'tools.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readToolGrants(path);
}

const grants = grantsIn({
  tools: [
    { name: 'weather', kind: 'http' },
    { name: 'orders', programs: ['support'] },
  ],
});

describe('the tools of the operator', () => {
  it.each([
    ['support', ['weather', 'orders']],
    ['other', ['weather']],
    ['other', undefined],
  ])('may be named by %s: %j', (program, tools) => {
    expect(() => checkToolGrants(grants, program, tools)).not.toThrow();
  });

  it('may not be named by a program that was not granted them, and each is told', () => {
    try {
      checkToolGrants(grants, 'other', ['weather', 'orders', 'nothing']);
      throw new Error('not refused');
    } catch (error) {
      expect(error).toBeInstanceOf(ValidationFailedError);
      const { errors } = (error as ValidationFailedError).details;
      expect(errors!.map(({ pointer, code, hint }) => `${pointer} ${code} ${hint}`)).toEqual([
        '/config/tools/1 tool_not_granted There are "weather".',
        '/config/tools/2 tool_not_granted There are "weather".',
      ]);
    }
  });

  it.each([['no JSON'], [{}], [{ tools: [{ name: 'Not A Name' }] }]])('are not read from %j', (content) => {
    expect(() => grantsIn(content)).toThrow();
  });
});
