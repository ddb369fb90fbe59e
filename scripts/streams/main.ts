// `npm run verify:streams`: ten programs with outputs of all types, asked in each format, whose model answers token by token as
// was recorded, followed through the whole platform and resumed after every event. `npm test` does the same with some of them.
import { ScriptedModelServer } from '@dspy-nest/testing';
import { withSuite } from '../faults/suite/with-suite';
import { exitAfter, unlessStopped } from '../start/main-program';
import { readRecordedStreams } from './recorded-stream';
import { registerStreamed, runStreams, type StreamsReport } from './run-streams';

const SIZE = { workers: 1, workerConcurrency: 8, replicas: 1, gateways: 1 };

exitAfter(() => unlessStopped(run(), ({ faults }) => (faults.length === 0 ? 0 : 1)));

async function run(): Promise<StreamsReport> {
  const model = await ScriptedModelServer.start({ recordLimit: 0 });
  const work = {
    name: 'streams',
    isGood: ({ faults }: StreamsReport) => faults.length === 0,
    run: async ({ gatewayUrls: [url] }: { gatewayUrls: readonly string[] }) => {
      await registerStreamed(url!);
      return runStreams(url!, model, readRecordedStreams());
    },
  };
  try {
    const report = await withSuite(work, { modelUrl: model.url, size: SIZE });
    for (const fault of report.faults) process.stderr.write(`${fault}\n`);
    const { streams, events, resumed, faults } = report;
    process.stdout.write(`${streams} streams, ${events} events, resumed ${resumed} times: ${faults.length} faults\n`);
    return report;
  } finally {
    await model.stop();
  }
}
