const RANDOM_COUNT = 600;

const view = new DataView(new ArrayBuffer(8));

function ofBits(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

// The same numbers in every run: a fixture must not change by itself. (SplitMix64)
function* randomBits(): Generator<bigint> {
  let state = 0x5eed_d5b7_0000_0001n;
  const word = (value: bigint): bigint => BigInt.asUintN(64, value);
  for (;;) {
    state = word(state + 0x9e37_79b9_7f4a_7c15n);
    let mixed = word((state ^ (state >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    mixed = word((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
    yield mixed ^ (mixed >> 31n);
  }
}

// Where the form of a number changes, shortest digits are hardest to find, and whole numbers stop being exact.
function edges(): bigint[] {
  const powers = Array.from({ length: 48 }, (_, index) => 10 ** (index - 24));
  const exact = [
    2 ** 53,
    2 ** 63,
    2 ** 64,
    1e21,
    1e-6,
    1e-7,
    5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    0.1,
    9.5,
  ];
  const around = [...powers, ...exact].map(bitsOf).flatMap((bits) => [bits - 1n, bits, bits + 1n]);
  return [0n, 1n << 63n, ...around, ...around.map((bits) => bits | (1n << 63n))];
}

/** Doubles, as 16 hexadecimal digits, with the text that ECMAScript has for each. */
export function numberTexts(): [bits: string, text: string][] {
  const random = randomBits();
  const bits = [...edges(), ...Array.from({ length: RANDOM_COUNT }, () => random.next().value as bigint)];
  return bits
    .filter((one) => Number.isFinite(ofBits(one)))
    .map((one) => [one.toString(16).padStart(16, '0'), JSON.stringify(ofBits(one))]);
}
