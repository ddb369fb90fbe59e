import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

// Not by the place of this file: programs that run by type stripping load it too, as a module, where `__dirname` is not defined.
const root = process.cwd();
const run = promisify(execFile);

/** The compilers that read the published types, by the folder of their package. */
const compilers = { 'TypeScript 5.9': 'ts59', 'TypeScript 6': 'typescript', 'TypeScript 7': 'ts7' } as const;
type Compiler = keyof typeof compilers;

/** Those that `npm test` asks: TypeScript 6 checks types as 5.9 does. `npm run verify:signatures` asks all. */
export const askedCompilers = (Object.keys(compilers) as Compiler[]).filter(
  (compiler) => process.env['ALL_COMPILERS'] !== undefined || compiler !== 'TypeScript 6',
);

/** What a compiler said of a program: messages by `file:line`, and how many types it made. */
export interface Compilation {
  messages: ReadonlyMap<string, string>;
  instantiations: number;
}

const options = {
  skipLibCheck: true,
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  module: 'nodenext',
  target: 'es2022',
  types: [],
};

/** What an outside project is made of. */
export interface OutsideProjectOptions {
  /** The libraries it has, by their folders below `libs`; those that others are built from come first. */
  libraries: readonly string[];
  /** The libraries of the compiler: a large one takes long to read, and checking it is counted. */
  lib: readonly string[];
}

/** A project outside of this repository, with libraries unpacked from their tarballs. */
export class OutsideProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'dspy-nest-outside-'));
  private readonly options: OutsideProjectOptions;

  constructor(options: OutsideProjectOptions) {
    this.options = options;
  }

  /** Packs the libraries as `npm publish` would, without leaving anything in the repository. */
  async install(): Promise<void> {
    mkdirSync(join(this.folder, 'repository'));
    cpSync(join(root, 'tsconfig.json'), join(this.folder, 'repository/tsconfig.json'));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'repository/node_modules'));
    for (const library of this.options.libraries) await this.installOne(library);
  }

  private async installOne(library: string): Promise<void> {
    const source = join(this.folder, 'repository/libs', library);
    for (const part of ['package.json', 'README.md', 'tsconfig.build.json', 'src']) {
      cpSync(resolve(root, 'libs', library, part), join(source, part), { recursive: true });
    }
    const pack = ['pack', '--silent', '--offline', '--no-update-notifier', '--pack-destination', this.folder];
    const { stdout } = await run('npm', pack, { cwd: source });
    const tarball = stdout.trim().split('\n').at(-1) ?? '';
    const installed = join(this.folder, 'node_modules/@dspy-nest', library);
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(this.folder, tarball), '--strip-components=1', '-C', installed]);
  }

  /** Compiles files that import the library by its name. */
  async compile(compiler: Compiler, files: Readonly<Record<string, string>>): Promise<Compilation> {
    const names = Object.keys(files);
    const project = join(this.folder, `${compilers[compiler]}-${names.join('-')}.json`);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, name), text);
    writeFileSync(project, JSON.stringify({ compilerOptions: { ...options, lib: this.options.lib }, files: names }));
    const program = join(root, 'node_modules', compilers[compiler], 'bin/tsc');
    const flags = ['--pretty', 'false', '--noErrorTruncation', '--extendedDiagnostics'];
    const { stdout } = await run(process.execPath, [program, '-p', project, ...flags], { cwd: this.folder }).catch(
      // It exits with 1 or 2 when there are messages.
      (error: { stdout: string }) => error,
    );
    return readOutput(stdout);
  }

  /** Runs a file and gives what it prints. */
  async run(name: string, text: string): Promise<string> {
    writeFileSync(join(this.folder, name), text);
    const { stdout } = await run(process.execPath, [name], { cwd: this.folder });
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readOutput(output: string): Compilation {
  const messages = new Map<string, string>();
  for (const [, file, line, message] of output.matchAll(/^(\S+?)\((\d+),\d+\): error TS\d+: (.*)$/gm)) {
    messages.set(`${file}:${line}`, message ?? '');
  }
  const instantiations = /^Instantiations: +(\d+)$/m.exec(output)?.[1];
  if (instantiations === undefined) throw new Error(`The compiler did not count:\n${output}`);
  return { messages, instantiations: Number(instantiations) };
}
