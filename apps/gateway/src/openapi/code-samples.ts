/** One piece of code that does what an operation is for, as `x-codeSamples` has it. */
export interface CodeSample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

/** A call that code samples make. */
export interface SampleCall {
  readonly url: string;
  readonly inputs: Record<string, unknown>;
  /** The output that is shown at the end. */
  readonly output: string;
}

/** The same call for the shell, TypeScript and Python, with what comes with each. */
export function codeSamples(call: SampleCall): CodeSample[] {
  return [
    { lang: 'Shell', label: 'curl', source: curl(call) },
    { lang: 'TypeScript', label: 'TypeScript', source: typescript(call) },
    { lang: 'Python', label: 'Python', source: python(call) },
  ];
}

function curl({ url, inputs }: SampleCall): string {
  const body = JSON.stringify({ inputs }).replaceAll("'", `'\\''`);
  return `curl -s ${url} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'\n`;
}

function typescript({ url, inputs, output }: SampleCall): string {
  return `const response = await fetch('${url}', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ inputs: ${JSON.stringify(inputs)} }),
});
if (!response.ok) throw new Error(await response.text());
const { outputs } = (await response.json()) as { outputs: Record<string, unknown> };
console.log(outputs.${output});
`;
}

function python({ url, inputs, output }: SampleCall): string {
  return `import json
from urllib.request import Request, urlopen

body = json.dumps({"inputs": ${pythonLiteral(inputs)}}).encode()
request = Request("${url}", body, {"content-type": "application/json"})
with urlopen(request) as response:
    execution = json.load(response)
print(execution["outputs"]["${output}"])
`;
}

/** JSON that Python reads as its own: only the words differ. */
export function pythonLiteral(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${pythonLiteral(member)}`);
  return `{${members.join(', ')}}`;
}
