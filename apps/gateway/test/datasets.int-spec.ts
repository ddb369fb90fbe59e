import { REQUESTS } from '@dspy-nest/contracts';
import { GatewayUnderTest } from './gateway-under-test';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

const DATASET = { id: '1', name: 'tickets', version: 2 };
const EXAMPLE = { inputs: { ticket: 'a' }, outputs: { team: 'billing' }, split: 'test' };

describe('/v1/datasets', () => {
  it('creates a dataset with its splits', async () => {
    await gateway.services.on(REQUESTS.datasetCreate, () => DATASET);
    const given = { name: 'tickets', signature: 'RouteTicket', splits: { seed: 7, validation: 0.2, test: 0.3 } };
    const { status, headers } = await gateway.send('POST', '/v1/datasets', given);
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 201, etag: '"1.2"' });
    expect(gateway.services.last(REQUESTS.datasetCreate).message).toEqual(given);
    const { status: refused } = await gateway.send('POST', '/v1/datasets', { ...given, splits: { seed: -1 } });
    expect(refused).toBe(422);
  });

  it('brings examples with what is to be done with bad ones', async () => {
    await gateway.services.on(REQUESTS.datasetAppend, () => DATASET);
    const body = { examples: [EXAMPLE], onInvalid: 'skip', dryRun: true };
    const { status } = await gateway.send('POST', '/v1/datasets/tickets/examples', body, { 'if-match': '"1.1"' });
    expect(status).toBe(200);
    expect(gateway.services.last(REQUESTS.datasetAppend).message).toEqual({
      name: 'tickets',
      rows: [EXAMPLE],
      onInvalid: 'skip',
      dryRun: true,
      ifMatch: ['1.1'],
    });
  });

  it.each([{ examples: [] }, { examples: [{ inputs: 'a' }] }, { examples: [{ ...EXAMPLE, split: 'dev' }] }])(
    'refuses %j',
    async (body) => expect((await gateway.send('POST', '/v1/datasets/tickets/examples', body)).status).toBe(422),
  );

  it('reads examples of a version and a split, from a number on', async () => {
    const page = { items: [], nextAfter: null };
    await gateway.services.on(REQUESTS.datasetExamples, () => page);
    const { body } = await gateway.send('GET', '/v1/datasets/tickets/examples?version=2&split=test&after=30&limit=10');
    expect(body).toEqual(page);
    const { message } = gateway.services.last(REQUESTS.datasetExamples);
    expect(message).toEqual({ name: 'tickets', version: 2, split: 'test', after: 30, limit: 10 });
    for (const query of ['split=dev', 'after=-1', 'limit=1000', 'offset=3']) {
      expect((await gateway.send('GET', `/v1/datasets/tickets/examples?${query}`)).status).toBe(422);
    }
  });
});
