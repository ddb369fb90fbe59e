import { startServers, type TestServers } from '@dspy-nest/testing';
import { errors, type Msg } from '@nats-io/transport-node';
import { Nats } from '../src/index';

const SUBJECT = 'dspy.qry.echo.word.get.v1';

let servers: TestServers;
let nats: Nats;

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
});

beforeEach(async () => {
  nats = await Nats.connect(servers.natsUrl, 'test');
});

afterEach(async () => {
  await nats.close();
});

afterAll(async () => {
  await servers?.stop();
});

const ask = (word: string, timeoutMs = 5_000): Promise<string> =>
  nats.inbox.ask(SUBJECT, word, { timeoutMs }).then((answer) => answer.string());

/** Hears questions and keeps them. */
async function hear(): Promise<Msg[]> {
  const heard: Msg[] = [];
  nats.connection.subscribe(SUBJECT, { callback: (_error, message) => void heard.push(message) });
  await nats.connection.flush();
  return heard;
}

describe('the inbox', () => {
  it('gives each answer to who asked, in whatever order they come', async () => {
    const heard = await hear();
    const answers = Promise.all(['a', 'b', 'c'].map((word) => ask(word)));
    await nats.connection.flush();
    for (const question of heard.toReversed()) question.respond(question.string().toUpperCase());
    expect(await answers).toEqual(['A', 'B', 'C']);
  });

  it('says that nobody listens, or that nobody answered in time', async () => {
    await expect(ask('a')).rejects.toThrow(errors.NoRespondersError);
    await hear();
    await expect(ask('a', 20)).rejects.toThrow(errors.TimeoutError);
  });

  it('drops an answer that comes late or twice', async () => {
    const heard = await hear();
    await expect(ask('late', 20)).rejects.toThrow(errors.TimeoutError);
    const answer = ask('next');
    await nats.connection.flush();
    for (const question of [...heard, ...heard]) question.respond(question.string());
    await expect(answer).resolves.toBe('next');
  });

  it('refuses who waits when the connection is closed', async () => {
    await hear();
    const answer = ask('a');
    await Promise.all([expect(answer).rejects.toThrow(errors.ClosedConnectionError), nats.connection.close()]);
  });
});
