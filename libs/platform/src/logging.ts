import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { maskUrlCredentials, redact } from './redaction';
import { UnexpectedFailure } from './unexpected-failure';

export type { Logger } from 'pino';

/** A logger that writes one JSON line a record (time, level, service, msg, …) to stdout, without secrets or payloads. */
export function createLogger(service: string, level = 'info', destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (record) => redact(record) as Record<string, unknown>,
      },
      // Errors are already plain, with their causes; pino's own serialiser would flatten those into one text.
      serializers: { err: (err: unknown) => err },
      hooks: { streamWrite: maskUrlCredentials },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** Nest's own messages in our log; Nest's start-up chatter counts as debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(origin(rest), text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(origin(rest), text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ ...origin(rest), ...failure(message) }, text(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ ...origin(rest), ...failure(message) }, text(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(origin(rest), text(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(origin(rest), text(message));
  }
}

/** Nest gives the stack first (of errors only) and the name of the class last. */
function origin(rest: unknown[]): Record<string, unknown> {
  const texts = rest.filter((item) => typeof item === 'string');
  const context = texts.at(-1);
  return texts.length > 1 ? { context, stack: texts[0] } : { context };
}

function failure(message: unknown): Record<string, unknown> {
  if (!(message instanceof Error)) return {};
  return message instanceof UnexpectedFailure
    ? { traceId: message.traceId, err: message.cause ?? message }
    : { err: message };
}

function text(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(redact(message));
}
