import { randomFillSync } from 'node:crypto';

/** Random bytes are fetched in bulk: one system call per id would cost more than the id. */
const pool = Buffer.allocUnsafe(4_096);
let poolOffset = pool.length;
let lastMs = 0;
let counter = 0;

function takeRandom(byteCount: number): Buffer {
  if (poolOffset + byteCount > pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  poolOffset += byteCount;
  return pool.subarray(poolOffset - byteCount, poolOffset);
}

/** `byteCount` (at most 64) random bytes as lower-case hex. */
export function randomHex(byteCount: number): string {
  return takeRandom(byteCount).toString('hex');
}

/** A UUID of version 7 (RFC 9562, method 1: a counter in `rand_a`), so ids of one process sort by creation. */
export function uuidv7(): string {
  const nowMs = Date.now();
  const bytes = Buffer.from(takeRandom(16));
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = bytes.readUInt16BE(6) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the database takes a text for an id; what is none cannot be the id of anything. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
