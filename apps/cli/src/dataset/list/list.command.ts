import type { Command } from 'commander';
import { examples } from '../../command-help';
import { toJson } from '../../output';
import { readAll } from '../../server/server';
import { urlOption } from '../../server/url-option';
import { countsOf, type Dataset } from '../dataset';

const TIMEOUT_MS = 30_000;

/** Adds `dspy-nest dataset list`. */
export function addListCommand(dataset: Command): void {
  dataset
    .command('list')
    .summary('list the datasets of a server')
    .description('Lists the datasets of a server, each in its newest version.')
    .option('--json', 'write them as JSON')
    .addOption(urlOption())
    .addHelpText('after', examples('dspy-nest dataset list', 'dspy-nest dataset list --json'))
    .action(list);
}

async function list({ url, json = false }: { url: URL; json?: boolean }): Promise<void> {
  const datasets = await readAll<Dataset>({ url, timeoutMs: TIMEOUT_MS }, 'v1/datasets', { sort: 'name' });
  process.stdout.write(json ? toJson(datasets) : describeList(datasets));
}

function describeList(datasets: readonly Dataset[]): string {
  if (datasets.length === 0) return 'There is no dataset. Make one with: dspy-nest dataset import\n';
  const lines = datasets.map(
    (one) => `${one.name} version ${one.version} of ${one.signature}: ${countsOf(one.examples)}`,
  );
  return `${lines.join('\n')}\n`;
}
