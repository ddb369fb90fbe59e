import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';

/** Shell scripts in the place of the installers: each notes its call in `calls` and does what `$MODE` says. */
const FAKE_TOOLS: Readonly<Record<string, string>> = {
  npm: `
if [ "$1" = config ]; then [ "$3" = registry ] && echo "\${FAKE_REGISTRY:-http://localhost/}" || echo null; exit; fi
echo "npm $1" >> "$CALLS"
[ "$MODE" = npm-hangs ] && { touch "$CALLS.hanging"; exec sleep 60; }
[ "$MODE" = npm-fails ] && { echo "$FAKE_OUTPUT" >&2; exit 1; }
mkdir -p node_modules/.bin node_modules/@nestjs/cli/bin
ln -sf "$REAL_NODE" node_modules/.bin/node
echo "require('fs').appendFileSync(process.env.CALLS, 'build' + require('os').EOL); require('fs').mkdirSync('dist', { recursive: true });" > node_modules/@nestjs/cli/bin/nest.js`,
  python3: `
case "$*" in
  *version_info*) echo "\${FAKE_PYTHON_VERSION:-3.11}" ;;
  *ensurepip*) [ "$MODE" != no-venv ] ;;
  *"-m venv"*) echo venv >> "$CALLS"; for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python"; cp "$FAKE_UV" "$last/bin/uv"; echo "command = $last" > "$last/pyvenv.cfg" ;;
  *"pip install"*) echo pip >> "$CALLS" ;;
esac`,
  uv: `echo "uv $*" >> "$CALLS"`,
};
const SYSTEM_TOOLS = ['sh', 'env', 'mkdir', 'ln', 'cp', 'touch', 'sleep', 'setpriv'];

/** A run of the launcher and what it printed. */
export interface LauncherRun {
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  exitCode(): Promise<number>;
}

/** A folder with the launcher and fake tools, so that its decisions can be tested without a network. */
export class FakeClone {
  readonly root = temporaryFolder();
  private readonly bin = join(this.root, 'bin');

  constructor({ without = [] }: { without?: string[] } = {}) {
    mkdirSync(join(this.root, 'scripts'));
    mkdirSync(this.bin);
    for (const name of ['bootstrap.mjs', 'bootstrap', 'register-typescript.mjs']) {
      cpSync(join('scripts', name), join(this.root, 'scripts', name), { recursive: true });
    }
    writeFileSync(join(this.root, 'package.json'), '{"dependencies":{"x":"1.0.0"}}');
    writeFileSync(join(this.root, 'package-lock.json'), '{"lockfileVersion":3}');
    mkdirSync(join(this.root, 'python-worker', 'requirements'), { recursive: true });
    writeFileSync(join(this.root, 'python-worker', 'requirements', 'runtime.txt'), 'dspy==3.4.1');
    mkdirSync(join(this.root, 'apps', 'one', 'src'), { recursive: true });
    this.writeSource('export const one = 1;');
    writeFileSync(join(this.root, 'program.ts'), `console.log(JSON.stringify(process.argv.slice(2)));\n`);
    for (const [name, script] of Object.entries(FAKE_TOOLS)) if (!without.includes(name)) this.writeTool(name, script);
    for (const name of SYSTEM_TOOLS) symlinkSync(systemTool(name), join(this.bin, name));
  }

  /** What the tools were asked to do, one call a line. */
  get calls(): string[] {
    const file = join(this.root, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Whether the fake npm hangs in its installation. */
  get isHanging(): boolean {
    return existsSync(join(this.root, 'calls.hanging'));
  }

  writeSource(text: string): void {
    writeFileSync(join(this.root, 'apps', 'one', 'src', 'main.ts'), text);
  }

  run(args: string[], env: NodeJS.ProcessEnv = {}, account: { uid?: number; gid?: number } = {}): LauncherRun {
    const own = {
      PATH: this.bin,
      CALLS: join(this.root, 'calls'),
      REAL_NODE: process.execPath,
      FAKE_UV: join(this.bin, 'uv'),
    };
    const child = spawn(process.execPath, [join(this.root, 'scripts', 'bootstrap.mjs'), ...args], {
      env: { ...own, ...env },
      cwd: this.root,
      ...account,
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const closed = once(child, 'close');
    return { process: child, output, exitCode: async () => ((await closed) as [number])[0] };
  }

  private writeTool(name: string, script: string): void {
    const file = join(this.bin, name);
    writeFileSync(file, `#!/bin/sh\n${script.trim()}\n`);
    chmodSync(file, 0o755);
  }
}

function systemTool(name: string): string {
  const found = (process.env.PATH ?? '').split(':').map((folder) => join(folder, name));
  return found.find((file) => existsSync(file)) ?? join('/usr/bin', name);
}
