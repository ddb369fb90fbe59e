import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { Spectral, type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';

const REDOCLY = resolve('node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };
const MOST_BYTES = 64 * 1024 * 1024;

interface RedoclyReport {
  readonly problems: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly location: readonly { readonly pointer?: string }[];
  }[];
}

/** Everything that the rules `spectral:oas` have against a document, with its place. */
export async function lintWithSpectral(document: string): Promise<string[]> {
  const spectral = new Spectral();
  // Its types leave out that a ruleset need not extend another.
  spectral.setRuleset(oas as RulesetDefinition);
  const found = await spectral.run(document);
  return found.map(({ code, message, path }) => `${code} at ${path.join(' > ')}: ${message}`);
}

/** Everything that the recommended rules of Redocly have against the document in a file, with its place. */
export async function lintWithRedocly(file: string): Promise<string[]> {
  const args = [REDOCLY, 'lint', '--extends=recommended', '--format=json', '--max-problems=1000', file];
  const { problems } = JSON.parse(await outputOf(args)) as RedoclyReport;
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? '#'}: ${message}`);
}

/** What a program of Node prints; it ends with an error when there are problems, which is no failure of the run. */
function outputOf(args: readonly string[]): Promise<string> {
  const options = { env: { ...process.env, ...QUIET }, maxBuffer: MOST_BYTES };
  return new Promise((done, fail) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (stdout.trim() === '') fail(new Error(`Redocly printed no report: ${stderr}`, { cause: error }));
      else done(stdout);
    });
  });
}
