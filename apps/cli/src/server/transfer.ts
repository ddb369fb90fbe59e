import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandError, exitCodes } from '../command.errors';
import { describeAnswer, describeFailure } from './failure';

/** What is asked for, and with what body. */
interface Transfer {
  readonly method: 'GET' | 'POST';
  readonly contentType?: string;
  readonly body?: Readable;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

type Problem = Parameters<typeof describeAnswer>[2];

/**
 * Asks a server for something that may be large, either way, at the pace of both sides and without a limit of time. An answer that
 * comes before the body was sent ends the sending. Throws CommandError unless the status is 200; its exit code is 1 for rows that
 * are no examples.
 */
export async function transfer(url: URL, asked: Transfer): Promise<IncomingMessage> {
  const answer = await answerTo(url, asked).catch((cause: Error) => {
    const message = asked.signal.aborted ? 'Stopped; nothing was added.' : describeFailure(url, 0, { cause });
    throw new CommandError(exitCodes.failed, message, { cause });
  });
  if (answer.statusCode === 200) return answer;
  const problem = parseProblem(await text(answer));
  const code = problem.code === 'invalid_examples' ? exitCodes.notRight : exitCodes.failed;
  throw new CommandError(code, describeAnswer(url, answer.statusCode ?? 0, problem));
}

function answerTo(url: URL, { method, contentType, body, signal }: Transfer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method, signal });
    if (contentType !== undefined) request.setHeader('content-type', contentType);
    request.on('response', (response) => {
      body?.unpipe(request);
      resolve(response);
    });
    request.on('error', reject);
    body?.on('error', (error) => request.destroy(error));
    if (body === undefined) request.end();
    else body.pipe(request);
  });
}

function parseProblem(body: string): Problem {
  try {
    return Object(JSON.parse(body)) as Problem;
  } catch {
    return {};
  }
}
