import { once } from 'node:events';
import { connect } from 'node:net';
import { healthOf, metricsOf, REQUESTS, type HealthCheck } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedSubgraph } from './scripted-services';

interface Readiness {
  status: string | number;
  detail: string;
  checks: HealthCheck[];
}

let gateway: GatewayUnderTest;
let subgraphs: ScriptedSubgraph[];
beforeEach(async () => {
  gateway = await GatewayUnderTest.start();
  subgraphs = await Promise.all(
    ['registry', 'execution'].map((name) => ScriptedSubgraph.start(name, `type Query { ${name}: String }`, {})),
  );
}, 60_000);
afterEach(async () => {
  await gateway.stop();
  await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
});

const failing = ({ body }: { body: Readiness }): string[] =>
  body.checks.filter(({ healthy }) => !healthy).map(({ name }) => name);

async function becomeReady(): Promise<void> {
  await gateway.services.healthy();
  for (const { subgraph } of subgraphs) await gateway.services.subgraph(subgraph);
  await eventually(async () => expect((await gateway.get('/readyz')).status).toBe(200));
}

describe('probes', () => {
  it('lives before anything else does, and says what is missing', async () => {
    expect(await gateway.get('/livez')).toMatchObject({ status: 200 });
    const answer = await gateway.get<Readiness>('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(failing(answer)).toEqual(['schema', 'registry', 'execution', 'optimization']);
    expect(answer.body.detail).toContain('Start the registry service');
    expect(answer.body.checks.every(({ healthy, remedy }) => healthy || remedy !== undefined)).toBe(true);
  });

  it('is ready once all is there, and hands on what a service misses', async () => {
    await becomeReady();
    const remedy = 'Start a worker.';
    const checks = [{ name: 'workers', healthy: false, message: 'No worker is alive.', remedy }];
    await gateway.services.on(healthOf('execution'), () => ({ service: 'execution', checks }));
    const answer = await gateway.get<Readiness>('/readyz');
    expect(answer.status).toBe(503);
    expect(failing(answer)).toEqual(['execution.workers']);
    expect(answer.body.detail).toBe('No worker is alive. Start a worker.');
    expect((await gateway.get('/readyz?scope=gateway')).status).toBe(200);
  });

  it('is not ready without Redis, and again once it is back', async () => {
    await becomeReady();
    await gateway.services.stop();
    await gateway.servers.stop();
    await eventually(async () => {
      const answer = await gateway.get<Readiness>('/readyz');
      expect(failing(answer)).toEqual(expect.arrayContaining(['nats', 'redis', 'registry', 'execution']));
    });
    expect((await gateway.get('/livez')).status).toBe(200);
    expect(failing(await gateway.get<Readiness>('/readyz?scope=gateway'))).toEqual(['nats']);
  });
});

describe('metrics', () => {
  it('counts and measures by route, never by path', async () => {
    await gateway.services.on(REQUESTS.programGet, () => ({}));
    await gateway.get('/v1/programs/one');
    await gateway.get('/v1/programs/two');
    await gateway.get('/no/such/path');
    const { text, headers } = await gateway.getRaw('/metrics', {});
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(/http_server_requests_total\{[^}]*route="\/v1\/programs\/:name"[^}]*\} 2\b/);
    expect(text).toMatch(
      /http_server_request_duration_seconds_bucket\{[^}]*status="404"[^}]*route="unmatched"|route="unmatched"[^}]*status="404"/,
    );
    expect(text).not.toMatch(/programs\/one|such\/path/);
  });

  it('shows those of all replicas of all services, each metric described once, and its own alone when asked', async () => {
    const metric = (service: string): string =>
      `# HELP things_total Things.\n# TYPE things_total counter\nthings_total{service="${service}",instance="i"} 2\n`;
    for (const service of ['registry', 'execution']) {
      await gateway.services.on(metricsOf(service), () => metric(service));
    }
    const { text } = await gateway.getRaw('/metrics', {});
    expect(text.match(/^# TYPE things_total counter$/gm)).toHaveLength(1);
    expect(text.match(/^things_total\{.*\} 2$/gm)).toHaveLength(2);
    expect(text).toMatch(/^process_resident_memory_bytes\{service="gateway",instance="[^"]+"\} \d+$/m);
    const own = (await gateway.getRaw('/metrics?scope=gateway', {})).text;
    expect(own).toContain('service="gateway"');
    expect(own).not.toContain('things_total');
  });
});

describe('stopping', () => {
  it('finishes what runs, refuses new work and says that it is not ready', async () => {
    await becomeReady();
    let finish: (execution: unknown) => void = () => undefined;
    const outcome = new Promise((resolve) => (finish = resolve));
    await gateway.services.on(REQUESTS.executionCreate, () => outcome);
    const running = gateway.send('POST', '/v1/programs/route-ticket/executions', { inputs: {} });
    await eventually(() => gateway.services.last(REQUESTS.executionCreate));

    gateway.gateway.drain.begin();
    expect(failing(await gateway.get<Readiness>('/readyz?scope=gateway'))).toEqual(['accepting']);
    const refused = await gateway.get('/v1/programs');
    expect(refused).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('1');

    const closed = gateway.gateway.close();
    finish(EXECUTION_EXAMPLE);
    expect(await running).toMatchObject({ status: 200, body: { status: 'succeeded' } });
    await closed;
    await expect(gateway.get('/livez')).rejects.toThrow();
  });

  it('does not wait for a connection on which nothing was ever sent', async () => {
    const { hostname, port } = new URL(gateway.url);
    const unused = connect(Number(port), hostname);
    await once(unused, 'connect');
    await gateway.get('/livez');
    const ended = once(unused, 'close');
    await gateway.gateway.close();
    await ended;
  }, 10_000);
});
