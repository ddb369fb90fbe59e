import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

// Collects `+<signal>:<pid>` and `-<pid>` lines; its input ends when the starter dies, however that happened.
const WATCHDOG = `
watched=""
while read -r line; do
  case "$line" in
    +*) watched="$watched \${line#+}" ;;
    -*) kept=""; for entry in $watched; do [ "\${entry#*:}" = "\${line#-}" ] || kept="$kept $entry"; done; watched="$kept" ;;
  esac
done
for entry in $watched; do kill -s "\${entry%%:*}" "\${entry#*:}" 2>/dev/null; done
[ -z "$watched" ] && exit 0
sleep 3
for entry in $watched; do kill -s KILL "\${entry#*:}" 2>/dev/null; done
`;

/** How children are ended when the process that started them is killed. */
export interface DeathSignal {
  /** The command line that runs `command` so that it gets `signal` when its starter dies. */
  wrap(command: readonly string[], signal: NodeJS.Signals): readonly string[];
  /** Tells that the process `pid` was started. */
  watch(pid: number, signal: NodeJS.Signals): void;
  /** Tells that the process `pid` has ended. */
  forget(pid: number): void;
}

let chosen: DeathSignal | undefined;

/** The kernel's parent-death signal by `setpriv` where there is one, else a detached shell that outlives the starter. */
export function deathSignal(): DeathSignal {
  chosen ??= hasSetpriv() ? bySetpriv() : byWatchdog();
  return chosen;
}

function hasSetpriv(): boolean {
  return spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true']).status === 0;
}

function bySetpriv(): DeathSignal {
  return {
    wrap: (command, signal) => ['setpriv', '--pdeathsig', shortName(signal), '--', ...command],
    watch: () => undefined,
    forget: () => undefined,
  };
}

/** Ends children by a shell of its own session that reads their ids from a pipe; needs nothing but `sh`. */
export function byWatchdog(): DeathSignal {
  let shell: ChildProcess | undefined;
  const tell = (line: string): void => {
    shell ??= startWatchdog();
    shell.stdin?.write(`${line}\n`);
  };
  return {
    wrap: (command) => command,
    watch: (pid, signal) => tell(`+${shortName(signal)}:${pid}`),
    forget: (pid) => tell(`-${pid}`),
  };
}

function startWatchdog(): ChildProcess {
  const shell = spawn('sh', ['-c', WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  shell.stdin?.on('error', () => undefined);
  (shell.stdin as unknown as { unref(): void }).unref();
  shell.unref();
  return shell;
}

function shortName(signal: NodeJS.Signals): string {
  return signal.replace('SIG', '');
}
