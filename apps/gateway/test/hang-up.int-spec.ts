import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { REQUESTS, SIGNALS } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const BODY = '{"inputs":{}}';
const HANG_UPS = 3;

let gateway: GatewayUnderTest;
let abandoned: { executionId: unknown; tenant: unknown }[];
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.services.on(SIGNALS.executionAbandoned, ({ message }) => {
    abandoned.push({ executionId: message['executionId'], tenant: message['tenant'] });
  });
}, 60_000);
beforeEach(async () => {
  abandoned = [];
  gateway.services.asked.length = 0;
  await answerNever();
});
afterAll(() => gateway.stop());

const answerNever = (): Promise<void> => gateway.services.on(REQUESTS.executionCreate, () => new Promise(() => {}));
const answerAtOnce = (): Promise<void> =>
  gateway.services.on(REQUESTS.executionCreate, ({ message }) => ({ ...EXECUTION_EXAMPLE, id: message['id'] }));
const asked = (): unknown[] =>
  gateway.services.asked
    .filter(({ subject }) => subject === REQUESTS.executionCreate)
    .map(({ message }) => message['id']);
const told = (): unknown[] => abandoned.map(({ executionId }) => executionId);

function request(headers = '', length = BODY.length): string {
  const fixed = `host: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n`;
  return `POST /v1/programs/qa/executions HTTP/1.1\r\n${fixed}${headers}\r\n${BODY}`;
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

async function untilAsked(count: number): Promise<void> {
  await eventually(() => expect(asked()).toHaveLength(count));
}

/** Sends a request and hangs up on it; resolves when that was told. */
async function hangUp(end: (socket: Socket) => void = (socket) => socket.destroy()): Promise<void> {
  await answerNever();
  const before = asked().length;
  const socket = await open();
  socket.write(request());
  await untilAsked(before + 1);
  end(socket);
  const id = asked().at(-1);
  await eventually(() => expect(told()).toContain(id));
  socket.destroy();
}

describe('a caller of a synchronous execution who hangs up', () => {
  it('is told of to the execution service, with the tenant', async () => {
    for (let time = 0; time < HANG_UPS; time += 1) await hangUp();
    expect(abandoned).toMatchObject(asked().map((executionId) => ({ executionId, tenant: 'default' })));
    expect(abandoned).toHaveLength(HANG_UPS);
  });

  it.each([
    ['closes in good order', (socket: Socket) => void socket.end()],
    ['resets the connection', (socket: Socket) => void socket.resetAndDestroy()],
  ])('also when it %s', async (_, end) => {
    await hangUp(end);
    expect(told()).toEqual(asked());
  });

  it.each([
    ['rerun', REQUESTS.executionRerun],
    ['replay', REQUESTS.executionReplay],
  ])('also when it waited for a %s, unless it did not want to', async (verb, subject) => {
    await gateway.services.on(subject, () => new Promise(() => {}));
    const path = `/v1/executions/${EXECUTION_EXAMPLE.id}/${verb}`;
    const ids: unknown[] = [];
    for (const headers of ['prefer: respond-async\r\n', '']) {
      const socket = await open();
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n${headers}\r\n`);
      await eventually(() => expect(gateway.services.last(subject).message['id']).not.toBe(ids.at(-1)));
      ids.push(gateway.services.last(subject).message['id']);
      socket.destroy();
    }
    await eventually(() => expect(told()).toEqual([ids[1]]));
  });

  it('is told of once for each execution that it waited for on the connection', async () => {
    const socket = await open();
    socket.write(request() + request());
    await untilAsked(2);
    socket.destroy();
    await eventually(() => expect(told()).toEqual(asked()));
  });

  it('is not told of for what was already answered behind another on the connection', async () => {
    await gateway.services.on(REQUESTS.executionCreate, ({ message }) =>
      asked().length === 1 ? new Promise(() => {}) : { ...EXECUTION_EXAMPLE, id: message['id'] },
    );
    const socket = await open();
    socket.write(request());
    await untilAsked(1);
    const [waiting] = asked();
    socket.write(request());
    await untilAsked(2);
    // Answers of one replica come in the order they were given.
    await gateway.services.on(REQUESTS.executionGet, () => EXECUTION_EXAMPLE);
    await gateway.get(`/v1/executions/${EXECUTION_EXAMPLE.id}`);
    socket.destroy();
    await eventually(() => expect(told()).toContain(waiting));
    await hangUp();
    expect(told()).toEqual([waiting, asked().at(-1)]);
  });
});

describe('nobody is said to have hung up', () => {
  /** What would have been told by then has been: signals of one process arrive in order. */
  async function afterAnotherHangsUp(): Promise<void> {
    await hangUp();
    expect(told()).toEqual([asked().at(-1)]);
  }

  it('who got the answer, whether the connection stays open or not', async () => {
    await answerAtOnce();
    const socket = await open();
    socket.setEncoding('utf8');
    for (let time = 0; time < 3; time += 1) {
      socket.write(request());
      expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1\.1 200 /);
    }
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError('no_worker');
    });
    socket.write(request('connection: close\r\n'));
    expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1\.1 503 /);
    await once(socket, 'close');
    await afterAnotherHangsUp();
  });

  it('who did not want to wait', async () => {
    const socket = await open();
    socket.write(request('prefer: respond-async\r\n'));
    await untilAsked(1);
    socket.destroy();
    await once(socket, 'close');
    await afterAnotherHangsUp();
  });

  it('whose request never arrived whole, and nothing is asked', async () => {
    const socket = await open();
    socket.write(request('', 1_000));
    socket.end();
    await once(socket.resume(), 'close');
    expect(asked()).toEqual([]);
    await afterAnotherHangsUp();
  });
});
