import { InvalidArgumentError, Option } from 'commander';

const LOCAL = 'http://127.0.0.1:4000';

/** The option that says where the gateway is. */
export function urlOption(): Option {
  return new Option('--url <url>', 'address of the gateway').argParser(parseUrl).default(parseUrl(LOCAL), LOCAL);
}

function parseUrl(given: string): URL {
  const url = URL.parse(given.endsWith('/') ? given : `${given}/`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('Write an address such as http://127.0.0.1:4000.');
}
