import { appendFileSync, closeSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capLog, lastLogLines, logSize, openLog } from './log-file';

describe('a log file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-file-'));
  let count = 0;
  const newFile = () => join(folder, `logs-${(count += 1)}`, 'x.log');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made with its folder, readable by its owner only, and appended to', () => {
    const file = newFile();
    for (const text of ['one\n', 'two\n']) {
      const descriptor = openLog(file);
      writeSync(descriptor, text);
      closeSync(descriptor);
    }
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('moves on to .1 above its cap while a process goes on writing', () => {
    const file = newFile();
    const descriptor = openLog(file);
    writeSync(descriptor, 'old '.repeat(10));
    capLog(file, 39);
    writeSync(descriptor, 'new');
    closeSync(descriptor);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('old '.repeat(10));
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('is left alone at its cap', () => {
    const file = newFile();
    closeSync(openLog(file));
    appendFileSync(file, '1234');
    capLog(file, 4);
    expect(existsSync(`${file}.1`)).toBe(false);
  });

  it('gives its last lines without empty ones, from an offset on', () => {
    const file = newFile();
    closeSync(openLog(file));
    appendFileSync(file, 'first run\n');
    const offset = logSize(file);
    appendFileSync(file, 'a\n\nb\nc\n');
    expect(lastLogLines(file, 2)).toEqual(['b', 'c']);
    expect(lastLogLines(file, 10, offset)).toEqual(['a', 'b', 'c']);
  });

  it('gives all it has when it was cut after the offset was taken, and nothing when absent', () => {
    const file = newFile();
    closeSync(openLog(file));
    appendFileSync(file, 'x\n');
    expect(lastLogLines(file, 5, 1000)).toEqual(['x']);
    expect(lastLogLines(newFile(), 5)).toEqual([]);
  });

  it('reads only the end of a long log', () => {
    const file = newFile();
    closeSync(openLog(file));
    appendFileSync(file, `${'long line '.repeat(100_000)}\nlast\n`);
    expect(lastLogLines(file, 1)).toEqual(['last']);
  });
});
