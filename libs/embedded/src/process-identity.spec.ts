import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive, processIdentity } from './process-identity';

describe('the identity of a process', () => {
  it('stays the same while the process lives and is another one for another process', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(process.ppid)).not.toBe(processIdentity(process.pid));
  });

  it('tells an ended process from a living one', async () => {
    const child = spawn('sleep', ['30']);
    const identity = processIdentity(child.pid ?? 0) ?? '';
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });

  it('does not take a process that got the same id later for the one that had it', () => {
    const [pid, start = '', boot] = (processIdentity(process.pid) ?? '').split(' ');
    expect(isAlive(`${pid} ${Number(start) - 1} ${boot}`)).toBe(false);
  });
});
