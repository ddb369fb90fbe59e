import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FILTER_OPERATORS, type ExecutionStatsV1 } from '@dspy-nest/contracts';
import { dspyAnswer, eventually, OutsideProject, ScriptedModelServer } from '@dspy-nest/testing';
import { runDemo, seedDemo } from '../start/demo';
import { ADDRESS, CommandRunner, type Run } from './command-runner';
import { documentedCommands, printedPattern } from './documented-commands';
import { documentedLists, refusalOf, type ListsDocument } from './documented-lists';
import { installPackedPython } from './packed-python';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

const MORE_THAN_A_PAGE = 205;
const runFile = promisify(execFile);
jest.setTimeout(180_000);

let model: ScriptedModelServer;
let suite: Suite;
let runner: CommandRunner;
let project: string;
beforeAll(async () => {
  model = await ScriptedModelServer.start();
  project = temporaryFolder();
  const tools = join(temporaryFolder(), 'tools.json');
  writeFileSync(tools, documentedCommands('docs/guides/tools.md', 'json')[0]!.command);
  const env = { DSPY_NEST_TOOLS_FILE: tools, DSPY_NEST_TOOL_SECRET_PLATFORM: 'of-the-guide' };
  suite = await startSuite(['--empty'], env);
  expect(await isUp(suite)).toBe(true);
  runner = new CommandRunner(suite);
});
afterAll(async () => {
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
  killSuites();
  removeTemporaryFolders();
  await model.stop();
});

const run = (command: string, cwd: string): Promise<Run> => runner.run(command, cwd);
const answerOf = (command: string): Promise<string> => runner.answerOf(command);

/** What the commands of a guide print, run one after the other, each of which has to succeed. */
async function answersOf(guide: string, cwd?: string): Promise<string[]> {
  const answers: string[] = [];
  for (const { command } of documentedCommands(guide)) answers.push(await runner.answerOf(command, cwd));
  return answers;
}

/** Deletes what a guide made, for others are about one program. */
async function remove(...paths: string[]): Promise<void> {
  for (const path of paths) await fetch(`${suite.url}/v1/${path}`, { method: 'DELETE' });
}

async function post<T>(path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(`${suite.url}${path}`, init)).json()) as T;
}

it('answers every command of the README as the README says', async () => {
  const answers: string[] = [];
  for (const { command } of documentedCommands('README.md').filter(({ command }) => command.includes(ADDRESS))) {
    answers.push(await answerOf(command));
  }
  expect(answers).toEqual([
    expect.stringContaining('"hint":"Did you mean \\"string\\"?"'),
    expect.stringContaining('"signature":"ReadMood"'),
    expect.stringMatching(/"status":"succeeded".*"outputs":\{"mood":"happy"\}/s),
    expect.stringMatching(/"readMood":\{"mood":"angry","execution":\{"id":"[^"]+","status":"SUCCEEDED"/),
    expect.stringMatching(/^HTTP\/1\.1 202 Accepted.*\r\nlocation: \/v1\/executions\//is),
    expect.stringContaining('"program":"read-mood"'),
    expect.stringContaining('"program":{"name":"read-mood"}'),
    expect.stringMatching(/"version":2.*"config":\{"timeoutMs":30000/s),
    expect.stringMatching(/^HTTP\/1\.1 200 OK.*\r\nserver-timing: total;dur=.*"status":"succeeded"/is),
  ]);
});

it('answers the commands of the guide on REST', async () => {
  expect(await answersOf('docs/guides/rest.md')).toEqual([
    expect.stringMatching(/^HTTP\/1\.1 200 OK.*\r\netag: ".*"operationId":"runReadMood"/is),
    expect.stringMatching(/^\{"items":\[\{[^]*"name":"read-mood"/),
    expect.stringMatching(/^\{"items":\[/),
  ]);
});

it('answers the commands of the guide on NATS: its examples execute a program and see the event', async () => {
  const commands = documentedCommands('docs/guides/nats.md').map(({ command }) => command);
  const answers = await Promise.all(commands.map(answerOf));
  const seen = expect.stringMatching(
    /^answer (\S+) succeeded \{"mood":\s*"\w+"\}\n(?:event .*\n)*event \1 execution\.execution\.succeeded\.v1\n$/,
  ) as string;
  expect(answers).toEqual([expect.stringMatching(/^\{"asyncapi":"3\.0\.0",/), seen, seen]);
});

it('answers the examples of the guide for the clients of OpenAI, by those clients', async () => {
  const guide = 'docs/guides/openai.md';
  const languages = ['python', 'ts'] as const;
  for (const language of languages) {
    const [example] = documentedCommands(guide, language);
    expect(await runner.printedBy(language, example!.command)).toBe(example!.output);
  }
  expect(await answersOf(guide)).toEqual([
    expect.stringMatching(/^\{"object":"list","data":\[\{"id":"read-mood".*"id":"read-mood@2"/),
    expect.stringMatching(/"model":"read-mood@1","object":"chat.completion",.*"content":"happy"/),
  ]);
});

it('answers the examples of the guide on MCP, by the client of its SDK', async () => {
  const guide = 'docs/guides/mcp.md';
  const [example] = documentedCommands(guide, 'ts');
  expect(await runner.printedBy('ts', example!.command)).toBe(example!.output);
  const [command] = documentedCommands(guide);
  expect(await answerOf(command!.command)).toMatch(/"structuredContent":\{"mood":"angry"\}/);
});

it('executes natively, asks several models and routes, as the guide on adapters says', async () => {
  model.reply(dspyAnswer({ mood: 'happy', answer: 'It scatters.' }));
  await post('/v1/models', { name: 'scripted', model: 'scripted-1', baseUrl: model.url });
  const answers: string[] = [];
  for (const { command } of documentedCommands('docs/guides/adapters.md'))
    answers.push(await answerOf(`MODEL=scripted\n${command}`));
  expect(answers).toEqual([
    expect.stringMatching(/"name":"native-mood".*"adapter":"native"/),
    expect.stringMatching(
      /"status":"succeeded".*"outputs":\{"mood":"happy"\}.*"model":"scripted","adapter":"native","format":"json".*"worker":"native-/,
    ),
    expect.stringMatching(/"name":"native-answer".*event: token\n.*"field":"answer".*event: succeeded\n/s),
    expect.stringMatching(/"name":"careful-mood".*"fallback":"native"/),
    expect.stringContaining('"name":"second"'),
    expect.stringMatching(/"adapter":"multi".*"multi":\{"strategy":"vote"\}/),
    expect.stringMatching(/"status":"succeeded".*"model":"default","adapter":"multi"/),
    expect.stringMatching(/"adapter":"router".*"models":\["second","default"\],"router":\{"maxP95Ms":5000\}/),
    expect.stringMatching(/"status":"succeeded".*"model":"default","adapter":"router"/),
    expect.stringMatching(/"name":"long".*"capabilities":\{.*"images":true,"contextTokens":128000/),
    expect.stringMatching(/"name":"read-report".*"requires":\{"jsonSchema":true,"contextTokens":32000\}/),
  ]);
  await remove(
    'programs/native-answer',
    ...['native', 'careful', 'vote', 'route'].map((name) => `programs/${name}-mood`),
  );
  await remove('programs/read-report', 'models/long', 'models/second', 'models/scripted');
});

it('grants the tools that the guide on tools declares', async () => {
  expect(await answersOf('docs/guides/tools.md')).toEqual([
    expect.stringMatching(/"name":"explainer".*"module":"ReAct".*"tools":\["signature","sentiment"\]/),
  ]);
  await remove('programs/explainer');
});

it('takes in and gives out what DSPy saved and loads, as its guide says', async () => {
  expect(await answersOf('docs/guides/program-state.md', temporaryFolder())).toEqual([
    '',
    expect.stringContaining('"module":"ChainOfThought"'),
    expect.stringMatching(
      /^HTTP\/1\.1 201 .*\r\nlocation: \/v1\/programs\/capitals\/state\?version=2\r\n.*"notes":\[\]/is,
    ),
    '',
    documentedCommands('docs/guides/program-state.md').at(-1)?.output,
  ]);
  await remove('programs/capitals');
});

it('asks with every module, as the guide on modules says', async () => {
  const commands = documentedCommands('docs/guides/module-types.md');
  const answers: Run[] = [];
  for (const { command } of commands) answers.push(await run(command, temporaryFolder()));
  expect(answers.map(({ stdout }) => stdout)).toEqual([
    expect.stringMatching(/"module":"Majority".*"config":\{"attempts":5\}/),
    expect.stringMatching(/"status":"succeeded".*"outputs":\{"mood":"(happy|angry)"\}/),
    expect.stringMatching(/"pointer":"\/config\/temperature","code":"temperature_too_low".*"status":422/),
    commands[3]!.output,
    expect.stringMatching(/"module":"MultiChainComparison"/),
    expect.stringMatching(/"status":"succeeded".*"outputs":\{"mood":"(happy|angry)"\}/),
    expect.stringMatching(/"module":"BestOfN".*"reward":\{"field":"sure"\}/),
    expect.stringMatching(/"status":"succeeded".*"outputs":\{"mood":"(happy|angry)","sure":(true|false)\}/),
    expect.stringMatching(/"pointer":"\/config\/reward\/field","code":"no_reward".*"status":422/),
    expect.stringMatching(/"module":"Refine".*"reward":\{"field":"sure"\}/),
  ]);
  await remove(...['vote', 'compare', 'best', 'refined'].map((name) => `programs/${name}`));
});

// They use the programs of the demo, and each what the one before it made.
describe('the guides on what programs are judged by', () => {
  beforeAll(async () => {
    await seedDemo(suite.url);
    await runDemo(suite.url);
  });
  afterAll(() => remove('programs/route-ticket', 'programs/sentiment', 'programs/fair-team'));

  it('datasets: take in, show, compare and give out examples', async () => {
    const guide = 'docs/guides/datasets.md';
    const folder = temporaryFolder();
    const [, added, imported, , , , stratified] = documentedCommands(guide);
    expect(await answersOf(guide, folder)).toEqual([
      expect.stringContaining('"name":"tickets","version":1'),
      expect.stringMatching(printedPattern(added!.output!)),
      expect.stringMatching(printedPattern(imported!.output!)),
      expect.stringMatching(/^\{"items":\[\{"row":0,.*"My parcel is late"/),
      expect.stringMatching(/"version":3,.*"report":\{"received":1,"added":1,/),
      expect.stringMatching(/"score":0,.*"correction":\{"team":"shipping"\}.*"report":\{"received":1,"added":1,/),
      expect.stringMatching(printedPattern(stratified!.output!)),
      expect.stringMatching(/"My card was charged twice".*"nextAfter":null\}\{"items":\[.*"version":3,.*"version":1,/),
      expect.stringMatching(/"from":2,"to":3,"identical":false,.*"similarity":0\.8,"total":3,/),
      '',
    ]);
    expect(readFileSync(join(folder, 'train.jsonl'), 'utf8')).toMatch(/^\{.*"My card was charged twice".*\}\n$/);
    expect(readFileSync(join(folder, 'tickets.csv'), 'utf8')).toMatch(/^ticket,team,split\r\n(?:.+\r\n){3}$/);
  });

  it('evaluations: score a program, and one evaluation against another', async () => {
    const commands = documentedCommands('docs/guides/evaluations.md').map(({ command }) => command);
    expect(commands).toHaveLength(6);
    const [metric, judge, onExamples, onDataset] = commands as [string, string, string, string];
    const [comparison, follow] = commands.slice(4) as [string, string];
    expect(await answerOf(metric)).toContain('"name":"right-team"');
    expect(await answerOf(judge)).toMatch(/"name":"fair-team".*"kind":"judge"/);
    const ids: string[] = [];
    for (const command of [onExamples, onDataset, onDataset]) ids.push(idIn(await answerOf(command)));
    await eventually(
      async () => {
        const evaluations = await Promise.all(ids.map((id) => answerOf(`curl -s ${ADDRESS}/v1/evaluations/${id}`)));
        for (const evaluation of evaluations) expect(evaluation).toContain('"status":"completed"');
      },
      { timeoutMs: 60_000 },
    );
    expect(await answerOf(follow.replace('<id>', ids[0]!))).toMatch(/^id: \d+\nevent: completed\ndata: \{"id":/m);
    const compare = comparison.replace('<candidate>', ids[1]!).replace('<baseline>', ids[2]!);
    expect(await answerOf(compare)).toMatch(/"verdict":"not_shown_to_be_better".*"sentence":"The candidate is not/);
  });

  it('optimisations: are ordered, and nothing of one that is cancelled is published', async () => {
    const commands = documentedCommands('docs/guides/optimizations.md').map(({ command }) => command);
    expect(commands).toHaveLength(4);
    const [order, outcome, walk, follow] = commands as [string, string, string, string];
    const cancelled = async (ordered: string): Promise<string> => {
      expect(ordered).toContain('"status":"queued"');
      const id = idIn(ordered);
      expect(await post(`/v1/optimizations/${id}/cancel`, {})).toMatchObject({ status: 'cancelled' });
      return id;
    };
    const id = await cancelled(await answerOf(order));
    expect(await answerOf(outcome.replaceAll('<id>', id))).toMatch(/^\{"predictors":\[.*"code":"no_candidate"/);
    expect(await answerOf(follow.replace('<id>', id))).toMatch(/^id: \d+\nevent: cancelled\ndata: \{"id":/m);
    const walked = (await answerOf(walk)).split(/(?<=\})(?=\{)/);
    expect(walked).toEqual([
      expect.stringContaining('"name":"support-tickets","version":1'),
      expect.stringMatching(/"examples":\{"total":352,"train":130,"validation":78,"test":144\}/),
      expect.stringContaining('"name":"support-team"'),
      expect.stringMatching(/"dataset":"support-tickets".*"metric":"support-team"/),
    ]);
    await cancelled(walked.at(-1)!);
  });
});

const idIn = (answer: string): string => (JSON.parse(answer) as { id: string }).id;

it('filters and sorts each list by what the document says, and by nothing else', async () => {
  const document = (await (await fetch(`${suite.url}/openapi.json`)).json()) as ListsDocument;
  const lists = documentedLists(document);
  expect(lists.length).toBeGreaterThanOrEqual(14);
  await post('/v1/datasets', { name: 'read-mood', signature: 'ReadMood' });
  await post('/v1/metrics', { name: 'read-mood', definition: { kind: 'label', field: 'mood' } });
  const executed = JSON.parse(await answerOf(`curl -s ${ADDRESS}/v1/executions?limit=1`)) as {
    items: { id: string }[];
  };
  for (const { path: template, sorts, filters } of lists) {
    const path = template
      .replace('{name}', template.includes('signatures') ? 'ReadMood' : 'read-mood')
      .replace('{id}', executed.items[0]!.id);
    const fields = [...new Set(sorts.map((sort) => sort.replace('-', '')))];
    const allowed = { fields: Object.keys(filters).join(', '), sorts: fields.join(', ') };
    const unknown = await Promise.all(
      ['filter[nope][eq]=1', 'sort=nope'].map((query) => refusalOf(`${suite.url}${path}?${query}`)),
    );
    expect([path, ...unknown.map(({ detail }) => detail)]).toEqual([
      path,
      `"nope" cannot be filtered; allowed are ${allowed.fields}.`,
      `"nope" cannot be sorted by; allowed are ${allowed.sorts}, with "-" in front for descending.`,
    ]);
    const sorted = await fetch(`${suite.url}${path}?sort=${sorts.slice(0, 5).join(',')}`);
    expect([path, sorted.status]).toEqual([path, 200]);
    for (const [field, operators] of Object.entries(filters)) {
      const query = Object.entries(operators).map(([name, value]) => `filter[${field}][${name}]=${value}`);
      expect([path, field, (await fetch(`${suite.url}${path}?${query.join('&')}`)).status]).toEqual([path, field, 200]);
      const others = FILTER_OPERATORS.filter((name) => !(name in operators)).map(
        (name) => `filter[${field}][${name}]=1`,
      );
      const refused = others.length === 0 ? undefined : await refusalOf(`${suite.url}${path}?${others.join('&')}`);
      expect([path, field, refused?.errors.length ?? 0]).toEqual([path, field, others.length]);
    }
  }
});

/** What the check of the command line says of one mistake. */
interface Finding {
  readonly path: string;
  readonly place: unknown;
  readonly definition: { readonly text: string };
}

// They use the program that the README made.
describe('the command line', () => {
  it('prints what its guide says', async () => {
    const commands = documentedCommands('docs/guides/command-line.md');
    expect(commands.filter(({ output }) => output !== undefined).length).toBeGreaterThan(5);
    for (const { command, output } of commands) {
      const { exitCode, stdout, stderr } = await run(command, project);
      if (output === undefined) expect([command, stderr, exitCode]).toEqual([command, '', 0]);
      else expect([command, stderr, stdout]).toEqual([command, '', output]);
    }
  });

  it('finds in files what the gateway finds in their texts', async () => {
    const { stdout } = await run('dspy-nest signature check --json', project);
    const { errors } = JSON.parse(stdout) as { errors: Finding[] };
    expect(errors).toHaveLength(3);
    for (const { path: _, place: __, definition, ...said } of errors) {
      const { text, ...place } = definition;
      const answer = await post<{ errors: unknown[] }>('/v1/signatures/validate', { definition: text });
      expect(answer.errors).toEqual([{ ...said, ...place }]);
    }
  });

  it('pulls the types of more programs than fit on a page', async () => {
    const names = Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => `program-${1_000 + index}`);
    const program = { signature: 'question -> answer', module: 'ChainOfThought' };
    await Promise.all(names.map((name) => post('/v1/programs', { name, ...program })));
    const { stdout } = await run(`dspy-nest types pull --url ${ADDRESS}`, project);
    expect([...stdout.matchAll(/^ {2}'(.*)': \{$/gm)].map(([, name]) => name)).toEqual([...names, 'read-mood']);
    expect(stdout.match(/reasoning: string\[\];/g)).toHaveLength(MORE_THAN_A_PAGE);
  });
});

// They use the program that the README made.
describe('the client, packed, in an empty project', () => {
  const outside = new OutsideProject({ libraries: ['signature', 'client'], lib: ['es2023', 'dom'] });
  const guide = 'libs/client/README.md';
  const examples = documentedCommands(guide, 'ts').map(({ command, output }, index) => {
    return { name: `example-${index}.mts`, text: command, output };
  });
  beforeAll(() => outside.install());
  afterAll(() => outside.remove());

  it('compiles the examples of its guide', async () => {
    for (const { command } of documentedCommands(guide))
      expect(await run(command, outside.folder)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(examples.length).toBeGreaterThan(5);
    const files = Object.fromEntries(examples.map(({ name, text }) => [name, text]));
    expect([...(await outside.compile('TypeScript 7', files)).messages]).toEqual([]);
  });

  it.each(examples)('prints what its guide says: $name', async ({ name, text, output }) => {
    expect(await outside.run(name, text.replaceAll(ADDRESS, suite.url))).toBe(output);
  });
});

// They use the program that the README made, in its second version.
describe('the Python client, packed', () => {
  const examples = documentedCommands('libs/client-python/README.md', 'python').map(({ command, output }, index) => {
    return { index, text: command, output, needsDspy: command.includes('import dspy\n') };
  });
  let empty: string;
  beforeAll(async () => {
    empty = await installPackedPython(temporaryFolder());
  });

  it('needs nothing but httpx', async () => {
    const { stdout } = await runFile(empty, ['-c', 'import dspy_nest, sys; print("dspy" in sys.modules)']);
    expect(stdout).toBe('False\n');
    await expect(runFile(empty, ['-c', 'import dspy'])).rejects.toThrow('ModuleNotFoundError');
  });

  it.each(examples)('prints what its guide says: example $index', async ({ text, output, needsDspy }) => {
    const asked = text.replaceAll(ADDRESS, suite.url);
    const env = { ...process.env, PYTHONPATH: resolve('libs/client-python/src') };
    const alone = needsDspy ? undefined : await runFile(empty, ['-c', asked]);
    expect(alone?.stdout ?? output).toBe(output);
    expect((await runFile(resolve('.venv/bin/python'), ['-c', asked], { env })).stdout).toBe(output);
  });
});

// The documents above had it executed.
describe('what was executed', () => {
  it('is counted, the same by REST and by GraphQL', async () => {
    const fields = 'program version model executions succeeded errorRate promptTokens latency { p50Ms p99Ms }';
    const query = `{ executionStats(by: [VERSION, MODEL], program: "read-mood") { ${fields} } }`;
    const first = { program: 'read-mood', version: 1, model: 'default' };
    const agree = async (): Promise<void> => {
      const response = await fetch(`${suite.url}/v1/execution-stats?by=version,model&program=read-mood`);
      const { items } = (await response.json()) as ExecutionStatsV1;
      expect(items).toMatchObject([first, { version: 2 }]);
      const { data } = await post<{ data: { executionStats: object[] } }>('/graphql', { query });
      expect(items).toMatchObject(data.executionStats);
    };
    await eventually(agree, { timeoutMs: 30_000 });
  });
});
