// Looked up once: reading a global in a sandbox, such as that of a test, costs more than the draw.
const { imul, floor } = Math;
const TWO_TO_32 = 4_294_967_296;

/**
 * Random numbers that a seed fixes in every process and language: xoshiro128** by Blackman and Vigna
 * (https://prng.di.unimi.it/xoshiro128starstar.c), its state filled by splitmix32. Not for secrets.
 */
export class SeededRandom {
  // Four fields and no array: this is the innermost loop of every bootstrap.
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  constructor(seed: number) {
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = splitmix32(seed, 4);
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }

  /** 32 random bits. */
  next(): number {
    const result = imul(rotateLeft(imul(this.s1, 5), 7), 9) >>> 0;
    const third = this.s2 ^ this.s0;
    const fourth = this.s3 ^ this.s1;
    const shifted = this.s1 << 9;
    this.s1 ^= third;
    this.s0 ^= fourth;
    this.s2 = third ^ shifted;
    this.s3 = rotateLeft(fourth, 11);
    return result;
  }

  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number {
    return floor((this.next() / TWO_TO_32) * bound);
  }
}

function splitmix32(seed: number, count: number): number[] {
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  });
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
