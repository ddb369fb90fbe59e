import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPythonFiles } from '../src/signature/definitions/python-definitions';

const LIST_NAMES = `
import inspect, json, dspy

def parameters(thing):
    try:
        return list(inspect.signature(thing.__init__ if inspect.isclass(thing) else thing).parameters)
    except (TypeError, ValueError):
        return []

given = {name: [one for one in parameters(getattr(dspy, name)) if one != "self"] for name in dir(dspy)}
print(json.dumps([name for name, names in given.items() if names[:1] == ["signature"]]))
`;

const folder = mkdtempSync(join(tmpdir(), 'dspy-nest-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('finds signatures in whatever of DSPy takes one', async () => {
  const { stdout } = await promisify(execFile)('.venv/bin/python', ['-W', 'ignore', '-c', LIST_NAMES]);
  const names = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as string[];
  expect(names).toContain('Predict');
  const path = join(folder, 'all.py');
  writeFileSync(path, ['import dspy', ...names.map((name) => `dspy.${name}("${name} -> x")`)].join('\n'));
  const [file] = await readPythonFiles([path]);
  expect(file?.definitions.map(({ text }) => text)).toEqual(names.map((name) => `${name} -> x`));
}, 60_000);
