import { debuggerAddress } from './garbage-collection';

const line = (port: number): string => `Debugger listening on ws://127.0.0.1:${port}/0f2c9-a`;

describe('debuggerAddress', () => {
  it('is that of the last start', () => {
    const log = ['{"msg":"Starting."}', line(4001), 'For help, see: https://nodejs.org', line(4002), '{}', ''].join(
      '\n',
    );
    expect(debuggerAddress(log)).toBe('ws://127.0.0.1:4002/0f2c9-a');
  });

  it('is none of a process without one, and not what a log line only speaks of', () => {
    expect(debuggerAddress('{"msg":"ready"}\n')).toBeUndefined();
    expect(debuggerAddress(`{"msg":"${line(4001)}"}\n`)).toBeUndefined();
  });
});
