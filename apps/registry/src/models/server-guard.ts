import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { refusedAs, ValidationFailedError } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { REGISTRY_SETTINGS, type RegistrySettings } from '../registry.settings';

const LOOK_UP_WITHIN_MS = 2_000;
const REMEDY =
  'Give a server on the public internet, or have the operator add the network to DSPY_NEST_MODEL_NETWORKS.';

/** What of the settings says where models may be. */
export type GuardSettings = Pick<
  RegistrySettings,
  'DSPY_NEST_LM_BASE_URL' | 'DSPY_NEST_LOCAL_MODEL_URL' | 'DSPY_NEST_MODEL_NETWORKS'
>;

/**
 * Keeps callers from having the platform call what only its own network reaches. What a name leads to may change after it was
 * checked here, so workers check again whenever they connect.
 */
@Injectable()
export class ServerGuard {
  constructor(@Inject(REGISTRY_SETTINGS) private readonly settings: GuardSettings) {}

  /** Whether the operator gave the base URL, which then may lead anywhere. */
  trusts(baseUrl: string): boolean {
    const { DSPY_NEST_LM_BASE_URL, DSPY_NEST_LOCAL_MODEL_URL } = this.settings;
    return [DSPY_NEST_LM_BASE_URL, DSPY_NEST_LOCAL_MODEL_URL].some(
      (url) => url !== undefined && plain(url) === plain(baseUrl),
    );
  }

  /** Throws ValidationFailedError when the server of a base URL must not be called. */
  async check(baseUrl: string): Promise<void> {
    if (this.trusts(baseUrl)) return;
    const host = new URL(baseUrl).hostname.replace(/^\[(.*)\]$/, '$1');
    for (const address of await addressesOf(host)) {
      const kind = refusedAs(address, this.settings.DSPY_NEST_MODEL_NETWORKS);
      if (kind !== null) throw refusal(host, kind);
    }
  }
}

/** None for a name that cannot be looked up here and now: workers may know it. */
async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const late = new AbortController();
  const found = lookup(host, { all: true }).catch(() => []);
  const inTime = await Promise.race([
    found,
    setTimeout(LOOK_UP_WITHIN_MS, [], { signal: late.signal }).catch(() => []),
  ]);
  late.abort();
  return inTime.map(({ address }) => address);
}

function plain(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

// What address a name has is not told: callers could ask for the names of this network.
function refusal(host: string, kind: string): ValidationFailedError {
  const message = `The model server "${host}" must not be called: its address is ${kind}. ${REMEDY}`;
  return new ValidationFailedError(message, [{ pointer: '/baseUrl', code: 'invalid_base_url', message }]);
}
