// Has a program executed by a request, and follows the ends of executions until it sees that one's. The first argument is the
// URL of NATS, then come the name of a program and its inputs as JSON.
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const STREAM = 'DSPY_EVENTS';
const DURABLE = 'example-typescript';

interface Execution {
  readonly id: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, unknown>> | null;
}
type Reply =
  | { readonly ok: true; readonly data: Execution }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };
interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

const [url = '', program = '', inputs = '{}'] = process.argv.slice(2);
const { host, username, password } = new URL(url);
const connection = await connect({
  servers: host,
  user: decodeURIComponent(username),
  pass: decodeURIComponent(password),
});

// It is durable: what happens while this program does not run is delivered when it runs again.
const manager = await jetstreamManager(connection);
await manager.consumers.add(STREAM, {
  durable_name: DURABLE,
  filter_subject: 'dspy.evt.default.execution.execution.*.v1',
  deliver_policy: DeliverPolicy.New,
  ack_policy: AckPolicy.Explicit,
});
const events = await (await jetstream(connection).consumers.get(STREAM, DURABLE)).consume();

const body = JSON.stringify({ program, inputs: JSON.parse(inputs) as unknown });
const answer = await connection.request('dspy.req.default.execution.program.execute.v1', body, { timeout: 70_000 });
const reply = answer.json<Reply>();
if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
const { id, status, outputs } = reply.data;
console.log('answer', id, status, JSON.stringify(outputs));

// An event may be delivered again.
const seen = new Set<string>();
for await (const message of events) {
  const event = message.json<CloudEvent>();
  if (!seen.has(event.id)) console.log('event', event.subject, event.type);
  seen.add(event.id);
  message.ack();
  if (event.subject === id) break;
}
await connection.drain();
