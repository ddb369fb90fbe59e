import { execFileSync } from 'node:child_process';
import { codeSamples, pythonLiteral } from './code-samples';

const INPUTS = { text: `it's "quoted" \\ $HOME`, no: null, yes: [true, { deep: 1.5 }] };
const samples = codeSamples({
  url: 'http://127.0.0.1:4000/v1/programs/qa/executions',
  inputs: INPUTS,
  output: 'answer',
});

it('shows the same call for the shell, TypeScript and Python', () => {
  expect(samples.map(({ lang }) => lang)).toEqual(['Shell', 'TypeScript', 'Python']);
  for (const { source } of samples) expect(source).toContain('http://127.0.0.1:4000/v1/programs/qa/executions');
  expect(samples[1]!.source).toContain('console.log(outputs.answer);');
  expect(samples[2]!.source).toContain('print(execution["outputs"]["answer"])');
});

it('quotes the body for the shell', () => {
  const printing = samples[0]!.source.replace(/^curl -s \S+/, "printf '%s\\n'");
  const printed = execFileSync('sh', ['-c', printing], { encoding: 'utf8' }).trim().split('\n');
  expect(JSON.parse(printed.at(-1)!)).toEqual({ inputs: INPUTS });
});

it('writes JSON as Python', () => {
  expect(pythonLiteral(INPUTS)).toBe(
    String.raw`{"text": "it's \"quoted\" \\ $HOME", "no": None, "yes": [True, {"deep": 1.5}]}`,
  );
});
