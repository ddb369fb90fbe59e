import { REQUESTS } from '@dspy-nest/contracts';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const PATH = '/v1/programs/route-ticket/state';
const STATE = { demos: [], signature: { instructions: 'Be brief.', fields: [] }, lm: null };
const IMPORTED = { id: '1', name: 'route-ticket', version: 3, notes: [{ pointer: '/lm/api_key' }] };

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.services.on(REQUESTS.programStateImport, () => IMPORTED);
  await gateway.services.on(REQUESTS.programStateGet, () => ({ id: '1', version: 3, state: STATE }));
}, 60_000);
afterAll(() => gateway.stop());

describe('the state of a program', () => {
  it('is imported: 201, the file goes on as it came', async () => {
    const answer = await gateway.send('POST', PATH, STATE, { 'idempotency-key': 'k-1', 'if-match': '"1.2"' });
    expect(answer).toMatchObject({ status: 201, body: IMPORTED });
    expect(answer.headers.get('location')).toBe(`${PATH}?version=3`);
    expect(answer.headers.get('etag')).toBe('"1.3"');
    const { message, headers } = gateway.services.last(REQUESTS.programStateImport);
    expect(message).toEqual({ name: 'route-ticket', state: STATE, ifMatch: ['1.2'] });
    expect(headers['dspy-idempotency-key']).toBe('k-1');
  });

  it('is exported, in any version, and not sent to who has it', async () => {
    const answer = await gateway.get(`${PATH}?version=3`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: STATE });
    expect(answer.headers.get('etag')).toBe('"1.3"');
    expect(gateway.services.last(REQUESTS.programStateGet).message).toEqual({ name: 'route-ticket', version: 3 });
    expect(await gateway.get(PATH, { 'if-none-match': '"1.3"' })).toMatchObject({ status: 304, body: undefined });
    expect(await gateway.get(`${PATH}?version=0`)).toMatchObject({ status: 422 });
  });

  it('is left behind with a null, and given in no other way', async () => {
    await gateway.services.on(REQUESTS.programUpdate, () => IMPORTED);
    expect(await gateway.send('PATCH', '/v1/programs/route-ticket', { state: null })).toMatchObject({ status: 200 });
    expect(gateway.services.last(REQUESTS.programUpdate).message).toEqual({ name: 'route-ticket', state: null });
    const refused = await gateway.send('PATCH', '/v1/programs/route-ticket', { state: STATE });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/state' }] } });
  });

  it('passes on what the registry refuses', async () => {
    await gateway.services.on(REQUESTS.programStateGet, () => {
      throw new ScriptedError('program_state_not_found');
    });
    expect(await gateway.get(PATH)).toMatchObject({ status: 404, body: { code: 'program_state_not_found' } });
  });
});

describe('a pickle', () => {
  const PICKLE = Buffer.from('\u0080\u0005cos\nsystem\n', 'latin1');
  const post = (body: BodyInit, type: string): Promise<Response> =>
    fetch(`${gateway.url}${PATH}`, { method: 'POST', headers: { 'content-type': type }, body });

  it.each([
    ['as what it is', PICKLE, 'application/octet-stream'],
    ['as JSON', PICKLE, 'application/json'],
    ['in an archive', Buffer.from('PK\u0003\u0004'), 'application/zip'],
    ['in an archive as JSON', Buffer.from('PK\u0003\u0004'), 'application/json'],
  ])('is refused unopened when it comes %s', async (_, body, type) => {
    const commands = (): number =>
      gateway.services.asked.filter(({ subject }) => subject.startsWith('dspy.cmd.')).length;
    const before = commands();
    const response = await post(body, type);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      code: 'unsupported_media_type',
      detail: expect.stringMatching(
        /not opened: loading a pickle runs the code in it.*program\.save\("state\.json"\)/,
      ) as string,
    });
    expect(commands()).toBe(before);
  });

  it.each([['[1]'], ['"x"'], ['{'], ['']])('is not what %j is taken for', async (body) => {
    expect((await post(body, 'application/json')).status).toBe(400);
  });
});
