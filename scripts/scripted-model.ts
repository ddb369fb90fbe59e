// A model server that answers as it is told, as a program: for benchmarks and for trying things by hand without a model.
//   node --import ./scripts/register-typescript.mjs scripts/scripted-model.ts [--port 0] [--outputs '{"label":"positive"}' | --text …]
//     [--delay-ms 0] [--first-token-delay-ms 0] [--token-delay-ms 0]
// Prints one JSON line {url}; ends when its input closes or on SIGTERM.
import { parseArgs } from 'node:util';
import { dspyAnswer, ScriptedModelServer, type ModelReply } from '@dspy-nest/testing';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    text: { type: 'string', default: 'Hello.' },
    outputs: { type: 'string' },
    'delay-ms': { type: 'string', default: '0' },
    'first-token-delay-ms': { type: 'string', default: '0' },
    'token-delay-ms': { type: 'string', default: '0' },
  },
});

const outputs = values.outputs === undefined ? undefined : (JSON.parse(values.outputs) as Record<string, unknown>);
const pace: ModelReply = {
  delayMs: Number(values['delay-ms']),
  firstTokenDelayMs: Number(values['first-token-delay-ms']),
  tokenDelayMs: Number(values['token-delay-ms']),
};

void serve();

async function serve(): Promise<void> {
  const server = await ScriptedModelServer.start({ port: Number(values.port), recordLimit: 0 });
  server.reply((request) => ({ ...pace, text: outputs === undefined ? values.text : dspyAnswer(outputs)(request) }));
  console.log(JSON.stringify({ url: server.url }));

  const stop = (): void => void server.stop().then(() => process.exit());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.stdin.on('end', stop).on('error', stop).resume();
}
