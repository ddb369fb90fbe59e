/** Of the operating system: the server is not there, or went away in the middle. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** SQLSTATE: connection exceptions, no resources left, and a server that is shutting down or starting. */
const SQL_STATES = /^(08|53|57P0)/;

/**
 * The driver of Postgres says no code when the server hangs up, or when none of its connections becomes free; TypeORM then
 * says of the transaction that was under way only that its connection has been given back.
 */
const WITHOUT_CODE =
  /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect|^Query runner already released|^Database connection provided by a query runner was already released/;

const MAX_DEPTH = 5;

/** Whether an error, or what caused it, is that a server below the platform is away: trying again later may do. */
export function isOutage(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return false;
  const { code, driverError } = error as Error & { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (SYSTEM_CODES.has(code) || SQL_STATES.test(code))) return true;
  if (WITHOUT_CODE.test(error.message)) return true;
  return isOutage(driverError, depth + 1) || isOutage(error.cause, depth + 1);
}
