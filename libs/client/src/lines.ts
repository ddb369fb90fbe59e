import { UnexpectedAnswerError } from './errors';

// More than the platform lets an execution give, so it only ends what would fill the memory.
const LINE_MAX_CHARS = 64 * 1_024 * 1_024;

/** Takes a text apart into lines as it comes, in pieces of any length. */
export class LineBuffer {
  readonly #pieces: string[] = [];
  #waitingChars = 0;

  /** The lines that a piece completes, without their ends; throws UnexpectedAnswerError. */
  push(text: string): string[] {
    this.#pieces.push(text);
    this.#waitingChars += text.length;
    if (this.#waitingChars > LINE_MAX_CHARS) {
      const message = `A line of the answer is longer than ${LINE_MAX_CHARS} characters: another program answers there. Check the url of the client, and proxies on the way.`;
      throw new UnexpectedAnswerError(message, { code: 'unexpected_answer', retryable: false });
    }
    // A large line comes in many pieces: they are put together once.
    if (!text.includes('\n')) return [];
    const lines = this.#pieces.splice(0).join('').split('\n');
    const rest = lines.pop() ?? '';
    this.#pieces.push(rest);
    this.#waitingChars = rest.length;
    return lines.map((line) => line.replace(/\r$/, ''));
  }
}
