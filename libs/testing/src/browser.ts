import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';

/**
 * Starts Chromium without a window, from a package: nothing needs to be installed beside the project.
 *
 * Its driver is loaded here and not with the module, so that a test without a browser does not pay for it.
 */
export async function startBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: await unpack(), headless: true });
}

// A process of its own unpacks it: the package is an ECMAScript module only, which Jest does not load.
async function unpack(): Promise<string> {
  const program = join(process.cwd(), 'libs/testing/src/chromium.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  return stdout;
}
