import { BenchAnswerError } from '../bench.errors';
import { median, medianPercentiles, percentiles, type Percentiles } from '../figures/percentile';
import { requestText } from '../load/http-connection';
import { PlatformClient } from '../platform/platform-client';
import { Suite } from '../platform/suite';
import type { ChildProcesses } from '../processes/child-processes';
import { cpuBetween, ProcessWatch } from '../processes/process-watch';
import { ScriptedModel } from '../series/model';
import { answerOf, nextNonce, questionOf } from '../workload';
import { callFor, type StreamedCall } from './streamed-call';

/** How often and how long each side is measured. */
export interface StreamPlan {
  readonly callers: readonly number[];
  readonly repetitions: number;
  readonly firstWarmUpMs: number;
  readonly measuredMs: number;
}

export const FULL_STREAM: StreamPlan = { callers: [1, 16], repetitions: 3, firstWarmUpMs: 5_000, measuredMs: 8_000 };
export const QUICK_STREAM: StreamPlan = { callers: [1, 16], repetitions: 1, firstWarmUpMs: 2_000, measuredMs: 2_000 };

/** The model server called directly, and through the platform. */
export const SIDES = ['model server', 'platform'] as const;
export type Side = (typeof SIDES)[number];

/** One side with that many callers; medians over the repetitions. */
export interface StreamFigures {
  readonly side: Side;
  readonly callers: number;
  readonly firstTokenMs: Percentiles;
  readonly wholeMs: Percentiles;
  readonly calls: number;
  /** Share of all cores that others used meanwhile, from 0 to 1. */
  readonly background: number;
}

const PROGRAM = 'bench';
/** Between two words of the model, as a model of fifty tokens a second has it. */
const PACE_MS = 20;
const WARM_UP_MS = 500;

/** Measures the first token through the platform and of the model server itself, in turn; rejects on a wrong answer. */
export async function measureStream(
  processes: ChildProcesses,
  plan: StreamPlan,
  say: (text: string) => void,
): Promise<StreamFigures[]> {
  say('Starting the model and the platform …');
  const model = await ScriptedModel.start(processes);
  const suite = await Suite.start(processes, model.url);
  await new PlatformClient(suite.port).createProgram(PROGRAM);
  await model.setPace(PACE_MS);
  const figures = await suite.explaining(measureAll({ model, platformPort: suite.port }, plan, say));
  await suite.stop();
  return figures;
}

interface Ports {
  readonly model: ScriptedModel;
  readonly platformPort: number;
}

async function measureAll(ports: Ports, plan: StreamPlan, say: (text: string) => void): Promise<StreamFigures[]> {
  say('Warming up …');
  for (const side of SIDES) await load(ports, side, 16, plan.firstWarmUpMs);
  const found: StreamFigures[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
    for (const callers of plan.callers) {
      for (const side of SIDES) {
        say(`Repetition ${repetition + 1} of ${plan.repetitions}: ${side}, ${callers} callers …`);
        found.push(await measure(ports, side, callers, plan.measuredMs));
      }
    }
  }
  return [...Map.groupBy(found, ({ side, callers }) => `${side} ${callers}`).values()].map(medianOf);
}

async function measure(ports: Ports, side: Side, callers: number, measuredMs: number): Promise<StreamFigures> {
  await load(ports, side, callers, WARM_UP_MS);
  const watch = new ProcessWatch();
  // All that takes part descends from this process.
  watch.add('bench', process.pid);
  const before = watch.sample();
  const times = await load(ports, side, callers, measuredMs);
  const { background } = cpuBetween(before, watch.sample());
  const firstTokenMs = percentiles(times.map((each) => each.firstTokenMs));
  return {
    side,
    callers,
    firstTokenMs,
    wholeMs: percentiles(times.map((each) => each.wholeMs)),
    calls: times.length,
    background,
  };
}

function load({ model, platformPort }: Ports, side: Side, callers: number, forMs: number) {
  return side === 'platform'
    ? callFor(platformPort, callers, () => platformCall(platformPort), forMs)
    : callFor(model.port, callers, () => modelCall(model), forMs);
}

function modelCall(model: ScriptedModel): StreamedCall {
  const nonce = nextNonce();
  // The first word behind the name of the field, by which a reader knows that the answer begins.
  const [firstToken = ''] = answerOf(nonce).split(' ');
  return { request: model.call(nonce, true), firstToken, check: (answer) => expectIn(answer, ` ${nonce}"`) };
}

function platformCall(port: number): StreamedCall {
  const nonce = nextNonce();
  const inputs = { inputs: { question: questionOf(nonce) } };
  const request = requestText('POST', port, `/v1/programs/${PROGRAM}/executions`, inputs).replace(
    '\r\n',
    '\r\nAccept: text/event-stream\r\n',
  );
  const firstToken = 'event: token\n';
  return { request, firstToken, check: (answer) => expectIn(answer, `"answer":"${answerOf(nonce)}"`) };
}

function expectIn(answer: string, wanted: string): void {
  if (!answer.includes(wanted)) throw new BenchAnswerError(`There is no ${wanted} in ${answer}`);
}

function medianOf(group: readonly StreamFigures[]): StreamFigures {
  return {
    side: group[0]!.side,
    callers: group[0]!.callers,
    firstTokenMs: medianPercentiles(group.map(({ firstTokenMs }) => firstTokenMs)),
    wholeMs: medianPercentiles(group.map(({ wholeMs }) => wholeMs)),
    calls: group.reduce((sum, { calls }) => sum + calls, 0),
    background: median(group.map(({ background }) => background)),
  };
}
