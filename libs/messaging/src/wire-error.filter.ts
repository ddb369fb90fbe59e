import { Catch, Logger, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import type { NatsContext } from '@nestjs/microservices';
import { AppError, toWireError, UnexpectedFailure } from '@dspy-nest/platform';
import { throwError, type Observable } from 'rxjs';
import { contextFromHeaders } from './wire-form';

/** Answers a NATS request with the wire form of what was thrown; logs what is no AppError. Give it to the microservice, not to HTTP. */
@Catch()
export class WireErrorFilter implements RpcExceptionFilter {
  private readonly logger = new Logger(WireErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (host.getType() !== 'rpc') throw error;
    if (!(error instanceof AppError) || error.code === 'internal') {
      const nats = host.switchToRpc().getContext<NatsContext>();
      const { traceId } = contextFromHeaders(nats.getHeaders());
      this.logger.error(new UnexpectedFailure(`${nats.getSubject()} failed.`, traceId, error));
    }
    return throwError(() => toWireError(error));
  }
}
