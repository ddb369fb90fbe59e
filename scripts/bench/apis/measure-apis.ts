import { BenchAnswerError } from '../bench.errors';
import { median, medianPercentiles, percentiles, type Percentiles } from '../figures/percentile';
import { runClosedLoop, type Call } from '../load/closed-loop';
import { requestText } from '../load/http-connection';
import type { HttpMessage } from '../load/http-messages';
import { checkStatus, PlatformClient, readExecution } from '../platform/platform-client';
import { Suite } from '../platform/suite';
import type { ChildProcesses } from '../processes/child-processes';
import { cpuBetween, ProcessWatch } from '../processes/process-watch';
import { ScriptedModel } from '../series/model';
import { answerOf, nextNonce, questionOf } from '../workload';

/** How often and how long each operation is measured. */
export interface ApisPlan {
  readonly callers: readonly number[];
  readonly repetitions: number;
  readonly firstWarmUpMs: number;
  readonly measuredMs: number;
}

export const FULL_APIS: ApisPlan = { callers: [1, 16], repetitions: 3, firstWarmUpMs: 4_000, measuredMs: 3_000 };
export const QUICK_APIS: ApisPlan = { callers: [1, 16], repetitions: 1, firstWarmUpMs: 1_000, measuredMs: 700 };

/** The same thing done by REST, then by GraphQL. */
export const OPERATIONS = ['read, REST', 'read, GraphQL', 'execution, REST', 'execution, typed mutation'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One operation with that many callers; medians over the repetitions. */
export interface ApiFigures {
  readonly operation: Operation;
  readonly callers: number;
  readonly latencyMs: Percentiles;
  readonly requestsPerS: number;
  /** Share of all cores that others used meanwhile, from 0 to 1. */
  readonly background: number;
}

/** Also the name of its mutation. */
const PROGRAM = 'bench';
const WARM_UP_MS = 500;
const READ = 'query ($id: ID!) { program(id: $id) { id name version description module format createdAt updatedAt } }';
const RUN = `mutation ($question: String!) { ${PROGRAM}(inputs: { question: $question }) { answer confidence execution { id status } } }`;

/** Measures REST and GraphQL at the gateway, each operation in turn; rejects on a wrong answer. */
export async function measureApis(
  processes: ChildProcesses,
  plan: ApisPlan,
  say: (text: string) => void,
): Promise<ApiFigures[]> {
  say('Starting the model and the platform …');
  const model = await ScriptedModel.start(processes);
  const suite = await Suite.start(processes, model.url);
  const programId = await new PlatformClient(suite.port).createProgram(PROGRAM);
  const callOf = callsTo(suite.port, programId);
  const figures = await suite.explaining(measureAll({ port: suite.port, callOf, plan, say }));
  await suite.stop();
  return figures;
}

interface Measured {
  readonly port: number;
  readonly callOf: Readonly<Record<Operation, () => Call>>;
  readonly plan: ApisPlan;
  readonly say: (text: string) => void;
}

async function measureAll({ port, callOf, plan, say }: Measured): Promise<ApiFigures[]> {
  say('Warming up …');
  const warmUp = { warmUpMs: 0, measuredMs: plan.firstWarmUpMs };
  for (const name of OPERATIONS) await runClosedLoop({ port, concurrency: 16, nextCall: callOf[name] }, warmUp);
  const found: ApiFigures[] = [];
  for (let repetition = 0; repetition < plan.repetitions; repetition += 1) {
    for (const callers of plan.callers) {
      for (const operation of OPERATIONS) {
        say(`Repetition ${repetition + 1} of ${plan.repetitions}: ${operation}, ${callers} callers …`);
        found.push(await measure({ port, operation, callers, nextCall: callOf[operation] }, plan.measuredMs));
      }
    }
  }
  return [...Map.groupBy(found, ({ operation, callers }) => `${operation} ${callers}`).values()].map(medianOf);
}

async function measure(
  { port, operation, callers, nextCall }: { port: number; operation: Operation; callers: number; nextCall: () => Call },
  measuredMs: number,
): Promise<ApiFigures> {
  const watch = new ProcessWatch();
  // All that takes part descends from this process.
  watch.add('bench', process.pid);
  const before = watch.sample();
  const window = { warmUpMs: WARM_UP_MS, measuredMs };
  const { latenciesMs, elapsedMs } = await runClosedLoop({ port, concurrency: callers, nextCall }, window);
  const { background } = cpuBetween(before, watch.sample());
  const requestsPerS = latenciesMs.length / (elapsedMs / 1000);
  return { operation, callers, latencyMs: percentiles(latenciesMs), requestsPerS, background };
}

function medianOf(group: readonly ApiFigures[]): ApiFigures {
  return {
    operation: group[0]!.operation,
    callers: group[0]!.callers,
    latencyMs: medianPercentiles(group.map(({ latencyMs }) => latencyMs)),
    requestsPerS: median(group.map(({ requestsPerS }) => requestsPerS)),
    background: median(group.map(({ background }) => background)),
  };
}

function callsTo(port: number, programId: string): Record<Operation, () => Call> {
  const read = requestText('GET', port, `/v1/programs/${PROGRAM}`);
  const query = requestText('POST', port, '/graphql', { query: READ, variables: { id: programId } });
  return {
    'read, REST': () => ({ request: read, check: checkRead }),
    'read, GraphQL': () => ({ request: query, check: checkQuery }),
    'execution, REST': () => {
      const nonce = nextNonce();
      const request = requestText('POST', port, `/v1/programs/${PROGRAM}/executions`, inputsOf(nonce));
      return { request, check: (answer) => void readExecution(answer, nonce) };
    },
    'execution, typed mutation': () => {
      const nonce = nextNonce();
      const request = requestText('POST', port, '/graphql', { query: RUN, variables: inputsOf(nonce).inputs });
      return { request, check: (answer) => checkMutation(answer, nonce) };
    },
  };
}

const inputsOf = (nonce: string) => ({ inputs: { question: questionOf(nonce) } });

interface Named {
  readonly name: string;
}

interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>>;
}

function checkRead(answer: HttpMessage): void {
  checkName(JSON.parse(checkStatus(answer, 200).body) as Named, answer);
}

function checkQuery(answer: HttpMessage): void {
  const { data } = JSON.parse(checkStatus(answer, 200).body) as GraphqlAnswer;
  checkName(data?.['program'] as Named | undefined, answer);
}

function checkName(program: Named | undefined, { body }: HttpMessage): void {
  if (program?.name !== PROGRAM) throw new BenchAnswerError(`This is not the program ${PROGRAM}: ${body}`);
}

function checkMutation(answer: HttpMessage, nonce: string): void {
  const { data } = JSON.parse(checkStatus(answer, 200).body) as GraphqlAnswer;
  const given = data?.[PROGRAM] as { answer: string; execution: { status: string } } | undefined;
  if (given?.answer === answerOf(nonce) && given.execution.status === 'SUCCEEDED') return;
  throw new BenchAnswerError(`The platform did not answer "${answerOf(nonce)}" of its own: ${answer.body}`);
}
