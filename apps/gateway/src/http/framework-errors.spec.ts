import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { ServiceUnavailableError, toProblem } from '@dspy-nest/platform';
import { toAppError } from './framework-errors';
import { RouteTable } from './route-table';

const routes = new RouteTable();
routes.add('/v1/programs', ['GET', 'POST']);
const request = { method: 'DELETE', url: '/v1/programs?limit=1', headers: {} };

const problemOf = (thrown: unknown, url = request.url, method = request.method) =>
  toProblem(toAppError(thrown, { ...request, url, method }, routes), 'a'.repeat(32));

describe('toAppError', () => {
  it('tells an unknown path from a method that is not served there', () => {
    expect(problemOf(new NotFoundException(), '/v1/nothing?x=1')).toMatchObject({ status: 404, code: 'not_found' });
    expect(problemOf(new NotFoundException())).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(toAppError(new NotFoundException(), request, routes)).toMatchObject({
      headers: { allow: 'GET, OPTIONS, POST' },
    });
  });

  it.each([
    [new HttpException('too large', 413), 413, 'payload_too_large'],
    [new HttpException('what is this', 415), 415, 'unsupported_media_type'],
    [new BadRequestException(), 400, 'malformed_request'],
    [Object.assign(new Error('bad url'), { statusCode: 400 }), 400, 'malformed_request'],
  ])('maps %s', (thrown, status, code) =>
    expect(problemOf(thrown, request.url, 'POST')).toMatchObject({ status, code }),
  );

  it('tells of a method that is not served before anything else', () =>
    expect(problemOf(new BadRequestException(), request.url, 'QUERY')).toMatchObject({ status: 405 }));

  it('leaves our own errors as they are', () => {
    const error = new ServiceUnavailableError('The registry does not answer.');
    expect(toAppError(error, { ...request, method: 'POST' }, routes)).toBe(error);
  });

  it('never shows the text of an unexpected error', () => {
    const problem = problemOf(new TypeError('secret at file.ts:12'), request.url, 'POST');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toMatch(/secret|file\.ts/);
  });
});
