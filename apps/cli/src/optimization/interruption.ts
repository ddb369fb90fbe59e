import { createInterface } from 'node:readline';

/** What is to become of an optimisation that is not watched any more. */
export type Interruption = 'detach' | 'stop' | 'abort';

const QUESTION = '\nd: detach, it goes on   s: stop and keep the best   a: abort   (anything else: go on watching) ';
const ANSWERS: Readonly<Record<string, Interruption>> = { d: 'detach', s: 'stop', a: 'abort' };

/** Asks what is to become of the run; undefined to go on watching. Where nobody can be asked, or who is asked breaks off again, it is detached. */
export async function askInterruption(
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream,
): Promise<Interruption | undefined> {
  if (input.isTTY !== true) return 'detach';
  const line = createInterface({ input, output });
  try {
    return await new Promise((resolve) => {
      line.on('SIGINT', () => resolve('detach'));
      line.on('close', () => resolve('detach'));
      line.question(QUESTION, (answer) => resolve(ANSWERS[answer.trim().toLowerCase()]));
    });
  } finally {
    line.close();
  }
}
