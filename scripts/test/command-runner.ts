import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Suite } from './running-suite';
import { temporaryFolder } from './temporary-folder';

/** Where documents say that the platform is. */
export const ADDRESS = 'http://127.0.0.1:4000';
const LOG_SHOWN_CHARS = 4_000;
const TYPESCRIPT = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e'];
const runFile = promisify(execFile);

/** How a command ended, and what it printed. */
export interface Run {
  readonly exitCode: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands and examples of documents against a suite, with `dspy-nest` on the PATH. */
export class CommandRunner {
  private readonly suite: Suite;
  private readonly programs = temporaryFolder();

  constructor(suite: Suite) {
    this.suite = suite;
    symlinkSync(resolve('scripts/dspy-nest.mjs'), join(this.programs, 'dspy-nest'));
  }

  run(command: string, cwd: string): Promise<Run> {
    const { home, url } = this.suite;
    const PATH = [this.programs, resolve('.venv/bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
    // A proxy or a settings file of who runs the test is not what it is about.
    const env = { ...process.env, PATH, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', CURL_HOME: home };
    const args = ['-c', command.replaceAll(ADDRESS, url).replaceAll('.dspy-nest/', `${home}/`)];
    return new Promise((done) => {
      execFile('bash', args, { cwd, env }, (error, stdout, stderr) =>
        done({ exitCode: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  /** What a command prints that has to succeed; else throws all that the suite and its gateway said. */
  async answerOf(command: string, cwd = '.'): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(command, cwd);
    if (exitCode === 0) return stdout;
    const { home, output } = this.suite;
    const gatewayLog = readFileSync(join(home, 'logs', 'gateway.log'), 'utf8').slice(-LOG_SHOWN_CHARS);
    const said = [`exit code ${String(exitCode)}`, stderr, output.stdout, output.stderr, gatewayLog];
    throw new Error(`The command failed:\n${command}\n${said.join('\n')}`);
  }

  /** What an example prints, which is Python or TypeScript; throws when it fails. */
  async printedBy(language: 'python' | 'ts', text: string): Promise<string> {
    const asked = text.replaceAll(ADDRESS, this.suite.url);
    const { stdout } = await (language === 'python'
      ? runFile(resolve('.venv/bin/python'), ['-c', asked])
      : runFile(process.execPath, [...TYPESCRIPT, asked]));
    return stdout;
  }
}
