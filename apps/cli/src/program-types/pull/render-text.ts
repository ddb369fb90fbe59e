/** A text as a literal of TypeScript, in the quotes that need fewer escapes. */
export function quote(text: string): string {
  if (text.includes("'") && !text.includes('"')) return JSON.stringify(text);
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The name of a property, in quotes when it is no identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z]\w*$/.test(name) ? name : quote(name);
}

/** A doc comment on lines of its own, or nothing when there is nothing to say. */
export function renderComment(text: string | null | undefined, indent: string): string {
  const lines = (text ?? '')
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(visible);
  if (lines.length > 1)
    return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
  return lines[0] === '' ? '' : `${indent}/** ${lines[0]} */\n`;
}

function visible(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ').trimEnd();
}
