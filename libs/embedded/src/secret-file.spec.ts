import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrCreateSecret } from './secret-file';

describe('readOrCreateSecret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-file-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes a secret of the wanted size, for its owner only, and keeps it', () => {
    const file = join(folder, 'new', 'key');
    const secret = readOrCreateSecret(file, 32, 'base64');
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readOrCreateSecret(file, 32, 'base64')).toBe(secret);
    expect(readdirSync(join(folder, 'new'))).toEqual(['key']);
  });

  it('makes another secret for another file', () => {
    expect(readOrCreateSecret(join(folder, 'a'), 16, 'base64url')).not.toBe(
      readOrCreateSecret(join(folder, 'b'), 16, 'base64url'),
    );
  });

  it('replaces a file that was left empty', () => {
    const file = join(folder, 'empty');
    writeFileSync(file, '\n');
    expect(readOrCreateSecret(file, 16, 'base64url')).toHaveLength(22);
  });

  it('does not hide an unreadable file behind a new secret', () => {
    expect(() => readOrCreateSecret(folder, 16, 'base64url')).toThrow('EISDIR');
  });
});
