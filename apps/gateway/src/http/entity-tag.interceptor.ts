import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf, isKnownToCaller } from './entity-tag';

interface Resource {
  readonly id: string;
  readonly version: number;
}

/** Answers a resource with its `ETag`, or 304 and nothing when a reader has it already. */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor<Resource, Resource | undefined> {
  intercept(host: ExecutionContext, next: CallHandler<Resource>): Observable<Resource | undefined> {
    const http = host.switchToHttp();
    const { method, headers } = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((resource) => {
        const etag = etagOf(resource);
        reply.header('etag', etag);
        const isRead = method === 'GET' || method === 'HEAD';
        if (!isRead || !isKnownToCaller(headers['if-none-match'], etag)) return resource;
        reply.code(304);
        return undefined;
      }),
    );
  }
}
