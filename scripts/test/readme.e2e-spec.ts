import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

const README_ADDRESS = 'http://127.0.0.1:4000';
const LOG_SHOWN_CHARS = 4_000;
const run = promisify(execFile);

/** The commands that the README has a reader run against the platform, in order. */
function commands(): string[] {
  const blocks = readFileSync('README.md', 'utf8').matchAll(/^```bash\n(.*?)^```/gms);
  return [...blocks].map(([, block]) => block ?? '').filter((block) => block.includes(README_ADDRESS));
}

/** What a command prints; one that fails is reported with its exit code and with what the suite and its gateway said. */
async function answerOf(suite: Suite, command: string): Promise<string> {
  try {
    // A proxy or a settings file of who runs the test is not what it is about.
    const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', CURL_HOME: suite.home };
    return (await run('bash', ['-c', command], { env })).stdout;
  } catch (error) {
    const { code, signal, stderr } = error as { code?: number; signal?: string; stderr?: string };
    const gatewayLog = readFileSync(join(suite.home, 'logs', 'gateway.log'), 'utf8').slice(-LOG_SHOWN_CHARS);
    const said = [`exit code ${code}, signal ${signal}`, stderr, suite.output.stdout, suite.output.stderr, gatewayLog];
    throw new Error(`The command failed:\n${command}\n${said.join('\n')}`, { cause: error });
  }
}

afterEach(killSuites);
afterAll(removeTemporaryFolders);
jest.setTimeout(180_000);

it('answers every command of the README as the README says', async () => {
  const suite = await startSuite(['--empty']);
  expect(await isUp(suite)).toBe(true);
  const answers: string[] = [];
  for (const command of commands()) {
    answers.push(await answerOf(suite, command.replaceAll(README_ADDRESS, suite.url)));
  }
  expect(answers).toEqual([
    expect.stringContaining('"hint":"Did you mean \\"string\\"?"'),
    expect.stringContaining('"signature":"ReadMood"'),
    expect.stringMatching(/"status":"succeeded".*"outputs":\{"mood":"happy"\}/s),
    expect.stringContaining('"outputs":{"mood":"angry"}'),
    expect.stringMatching(/^HTTP\/1\.1 202 Accepted.*\r\nlocation: \/v1\/executions\//is),
    expect.stringContaining('"program":"read-mood"'),
    expect.stringContaining('"program":{"name":"read-mood"}'),
    expect.stringMatching(/"version":2.*"config":\{"timeoutMs":30000/s),
    expect.stringMatching(/^HTTP\/1\.1 200 OK.*\r\nserver-timing: total;dur=.*"status":"succeeded"/is),
  ]);
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
});
