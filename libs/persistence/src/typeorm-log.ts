import { Logger as NestLog } from '@nestjs/common';
import type { Logger } from 'typeorm';

/** TypeORM's messages in the log of the service instead of on the console; queries and their values stay out of it. */
export class TypeOrmLog implements Logger {
  private readonly nest = new NestLog('TypeORM');

  logQuery(): void {}

  logQueryError(): void {}

  logQuerySlow(): void {}

  logSchemaBuild(message: string): void {
    this.nest.debug(message);
  }

  logMigration(message: string): void {
    this.nest.log(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.nest.warn(message);
    else this.nest.log(message);
  }
}
