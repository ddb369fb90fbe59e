import { BlockList, isIP, type IPVersion } from 'node:net';
import { REFUSED_NETWORKS } from '@dspy-nest/contracts';
import { z } from 'zod';

const NETWORK = /^([^/]+)(?:\/(\d{1,3}))?$/;

const REFUSED = Object.entries(REFUSED_NETWORKS).map(([network, kind]) => ({ networks: networksOf(network), kind }));

/** The networks of a text, `10.0.0.0/8, 192.168.1.7`; throws RangeError that names the one that is none. */
export function networksOf(text: string): BlockList {
  const networks = new BlockList();
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item !== '') addNetwork(networks, item);
  }
  return networks;
}

/** The setting that names the networks in which models may be beside the public internet; none when it is absent. */
export const modelNetworks = z
  .string()
  .transform((text, issues) => {
    try {
      return networksOf(text);
    } catch (error) {
      const message = `must be IP networks with commas, such as 10.0.0.0/8, 192.168.1.7; ${(error as RangeError).message}`;
      issues.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .prefault('');

/** What an address is that a model server must not have, null if it may be called. */
export function refusedAs(address: string, allowed: BlockList): string | null {
  const family = familyOf(address);
  if (family === undefined) return 'unreadable';
  if (allowed.check(address, family)) return null;
  return REFUSED.find(({ networks }) => networks.check(address, family))?.kind ?? null;
}

function addNetwork(networks: BlockList, item: string): void {
  const [, address = '', bits] = NETWORK.exec(item) ?? [];
  const family = familyOf(address);
  const most = family === 'ipv4' ? 32 : 128;
  if (family === undefined || Number(bits ?? 0) > most) throw new RangeError(`"${item}" is no network`);
  networks.addSubnet(address, Number(bits ?? most), family);
}

function familyOf(address: string): IPVersion | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
