import { createProgram, execute, type ExecutionAnswer } from './gateway-client';

/** A program of the demo with an input to run it on. */
export interface DemoProgram {
  readonly name: string;
  readonly signature: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** In the order in which they are run. */
export const DEMO_PROGRAMS: readonly DemoProgram[] = [
  {
    name: 'route-ticket',
    signature: 'ticket: string -> team: enum["billing", "shipping", "technical", "account"]',
    inputs: { ticket: 'My card was charged twice for the same order.' },
  },
  {
    name: 'sentiment',
    signature: 'review: string -> sentiment: enum["positive", "negative"]',
    inputs: { review: 'I love this product, it works perfectly.' },
  },
];

/** One run of a demo program. */
export interface DemoRun {
  readonly program: DemoProgram;
  readonly execution: ExecutionAnswer;
}

/** Creates the demo's programs where they are missing. */
export async function seedDemo(gateway: string): Promise<void> {
  for (const { name, signature } of DEMO_PROGRAMS) await createProgram(gateway, { name, signature });
}

/** Runs each demo program once, one after the other. */
export async function runDemo(gateway: string): Promise<DemoRun[]> {
  const runs: DemoRun[] = [];
  for (const program of DEMO_PROGRAMS) {
    runs.push({ program, execution: await execute(gateway, program.name, program.inputs) });
  }
  return runs;
}

/** A run as the start prints it: input, answer or error, and where the time went. */
export function describeRun({ program, execution }: DemoRun): string {
  const { status, outputs, error, timing } = execution;
  const answer = status === 'succeeded' ? JSON.stringify(outputs) : `${status}: ${error?.code} ${error?.message}`;
  const times = `${milliseconds(timing?.totalMs)} in all, ${milliseconds(timing?.lmMs)} in the model`;
  return `  ${program.name} ${JSON.stringify(program.inputs)}\n    → ${answer}   (${times})`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '? ms' : `${Math.round(value)} ms`;
}
