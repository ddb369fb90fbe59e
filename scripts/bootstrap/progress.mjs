/** Prints each step of `total` with its time, on stderr: stdout belongs to the program that follows. */
export function progress(total) {
  let number = 0;
  return async (name, work) => {
    const label = `[${(number += 1)}/${total}] ${name}`;
    const startedAtMs = Date.now();
    process.stderr.write(process.stderr.isTTY ? `${label} … ` : `${label} …\n`);
    const didWork = await work();
    const result = didWork ? `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s` : 'up to date';
    process.stderr.write(process.stderr.isTTY ? `${result}\n` : `${label} … ${result}\n`);
  };
}

/** Prints a line about what goes on between two steps. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
