/** The programs of this measurement: all alike, so that only their number tells. */
export const SIGNATURE = 'message: string -> mood: enum["happy", "angry"], why: string';

/** What the scripted model answers. */
export const ANSWER = { mood: 'happy', why: 'Because.' };

interface Result {
  readonly data?: Record<string, { execution: { id: string; status: string } } | null> | null;
  readonly errors?: readonly { readonly message: string }[];
}

async function post<T>(url: string, path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  const answer = await response.text();
  if (!response.ok) throw new Error(`POST ${path} was answered ${response.status}: ${answer.slice(0, 500)}`);
  return JSON.parse(answer) as T;
}

/** Registers a program. Throws an Error when that is refused. */
export async function registerProgram(url: string, name: string): Promise<void> {
  await post(url, '/v1/programs', { name, signature: SIGNATURE });
}

/** Executes a program by REST. Throws an Error when that fails. */
export async function executeProgram(url: string, name: string): Promise<void> {
  await post(url, `/v1/programs/${name}/executions`, { inputs: { message: 'x' } });
}

/** Reads the document of the API. Throws an Error when a program has no operation in it. */
export async function findOperation(url: string, program: string): Promise<void> {
  const document = await (await fetch(`${url}/openapi.json`)).text();
  if (!document.includes(`"/v1/programs/${program}/executions"`)) throw new Error(`${program} is not in /openapi.json`);
}

/** Runs the typed mutation of a program, which has its name when that is one word; gives the id of the execution. Throws an Error when it is not there, or fails. */
export async function runTyped(url: string, program: string): Promise<string> {
  const query = `mutation { ${program}(inputs: { message: "x" }) { mood execution { id status } } }`;
  const { data, errors = [] } = await post<Result>(url, '/graphql', { query });
  const execution = data?.[program]?.execution;
  if (execution?.status === 'SUCCEEDED' && errors.length === 0) return execution.id;
  throw new Error(`${program}: ${errors.map(({ message }) => message).join('; ')} ${execution?.status ?? ''}`);
}
