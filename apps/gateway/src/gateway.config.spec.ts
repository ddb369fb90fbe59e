import { ConfigError, loadConfig } from '@dspy-nest/platform';
import { gatewayEnvironment } from './gateway.config';

const SERVERS = { NATS_URL: 'nats://127.0.0.1:4222', REDIS_URL: 'redis://127.0.0.1:6379' };

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(gatewayEnvironment, { ...SERVERS, ...env });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems.map(({ variable, allowed }) => `${variable} ${allowed}`);
  }
  return [];
}

describe('gatewayEnvironment', () => {
  it('listens on this machine only unless told otherwise', () => {
    expect(loadConfig(gatewayEnvironment, SERVERS)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4_000,
      DSPY_NEST_AUTH: 'off',
    });
  });

  it.each(['localhost', '::1', '127.0.0.2'])('takes the loopback address %s', (HOST) => {
    expect(problemsOf({ HOST })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com'])('refuses to serve the open gateway on %s', (HOST) => {
    expect(problemsOf({ HOST })).toEqual([expect.stringMatching(/^HOST must be a loopback address/)]);
  });

  it('refuses access control that it does not have', () => {
    expect(problemsOf({ DSPY_NEST_AUTH: 'on' })).toEqual([expect.stringMatching(/^DSPY_NEST_AUTH must be "off"/)]);
  });
});
