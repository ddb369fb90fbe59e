import { InvalidArgumentError } from 'commander';

/** Adds a setting, written as `name=value` with a value in JSON or a text, to those before. Throws InvalidArgumentError. */
export function parseSetting(given: string, before: object = {}): object {
  const [, name, text] = /^(\w+)=(.+)$/s.exec(given) ?? [];
  if (name === undefined || text === undefined)
    throw new InvalidArgumentError('Write a setting with a value, such as k=12.');
  return { ...before, [name]: valueOf(text) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
