import { ValidationFailedError } from '@dspy-nest/platform';
import { networksOf } from '@dspy-nest/platform';
import { ServerGuard } from './server-guard';

const guard = (allowed = '', baseUrl?: string): ServerGuard =>
  new ServerGuard({
    DSPY_NEST_LM_BASE_URL: baseUrl,
    DSPY_NEST_LOCAL_MODEL_URL: undefined,
    DSPY_NEST_MODEL_NETWORKS: networksOf(allowed),
  });

describe('ServerGuard', () => {
  it.each([
    ['http://127.0.0.1:8000/v1', 'loopback'],
    ['http://localhost:8000/v1', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://[::1]/v1', 'loopback'],
    ['http://[::ffff:a9fe:a9fe]/latest/meta-data', 'link-local'],
    ['http://169.254.169.254/latest/meta-data', 'link-local'],
    ['https://10.0.0.1/v1', 'private'],
    ['https://0/v1', 'unspecified'],
  ])('refuses %s with rule and remedy', async (baseUrl, kind) => {
    const refused = guard().check(baseUrl);
    await expect(refused).rejects.toThrow(ValidationFailedError);
    await expect(refused).rejects.toThrow(`its address is ${kind}. Give a server on the public internet`);
    await expect(refused).rejects.toThrow('DSPY_NEST_MODEL_NETWORKS');
  });

  it.each(['https://8.8.8.8/v1', 'https://[2606:4700::1111]/v1', 'https://nowhere.invalid/v1'])(
    'lets %s in: what cannot be looked up is judged when it is called',
    (baseUrl) => expect(guard().check(baseUrl)).resolves.toBeUndefined(),
  );

  it('lets in what the operator allows', async () => {
    await expect(guard('127.0.0.0/8, ::1').check('http://localhost:1/v1')).resolves.toBeUndefined();
    await expect(guard('127.0.0.0/8').check('http://10.0.0.1/v1')).rejects.toThrow('private');
  });

  it("trusts the operator's own URL, and no other at that server", async () => {
    const operated = guard('', 'http://10.0.0.5:8000/v1/');
    expect(operated.trusts('http://10.0.0.5:8000/v1')).toBe(true);
    await expect(operated.check('HTTP://10.0.0.5:8000/v1')).resolves.toBeUndefined();
    await expect(operated.check('http://10.0.0.5:8000/admin')).rejects.toThrow('private');
    await expect(operated.check('http://10.0.0.5:8001/v1')).rejects.toThrow('private');
  });
});
