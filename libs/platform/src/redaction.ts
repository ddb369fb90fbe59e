const SECRET_NAME =
  /api_?key|authorization|password|secret|credential|cookie|^dspy_nest_.*key$|^(access|refresh|bearer)?_?token$/i;
const PAYLOAD_NAME = /^(inputs|outputs|state|messages|prompt)$/;
const URL_CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'@]+@/gi;
const STRING_MAX_CHARS = 2_000;
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;

/** Whether a variable or member of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The text with user and password taken out of every URL in it. */
export function maskUrlCredentials(text: string): string {
  return text.replace(URL_CREDENTIALS, '$1***@');
}

/** A copy fit for a log: no secrets, no payloads of callers, nothing long or deep. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return value.length > STRING_MAX_CHARS
      ? `${value.slice(0, STRING_MAX_CHARS)}… (${value.length} characters)`
      : value;
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => redact(item, depth + 1));
  return redactMembers(value, depth);
}

function redactMembers(value: object, depth: number): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (isSecretName(name)) members[name] = '[redacted]';
    else if (PAYLOAD_NAME.test(name)) members[name] = '[omitted]';
    else members[name] = redact(member, depth + 1);
  }
  return members;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const members = {
    type: error.name,
    message: redact(error.message, depth),
    stack: redact(error.stack, depth),
    ...redactMembers(error, depth),
  };
  return error.cause === undefined ? members : { ...members, cause: redact(error.cause, depth + 1) };
}
