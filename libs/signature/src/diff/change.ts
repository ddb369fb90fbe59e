import { changeRules, type ChangeCode, type ChangeVerdict, type Side } from './rules';

/** One difference between two versions of a signature. */
export interface SignatureChange {
  /** Where: a pointer into `{inputs, outputs}` by the names of fields; `*` stands for every item or value. */
  pointer: string;
  code: ChangeCode;
  verdict: ChangeVerdict;
  message: string;
  hint?: string;
  /** Fields and types in the signature language, all else as JSON; absent when there was nothing. */
  from?: unknown;
  to?: unknown;
}

/** A place in a signature. */
export interface Site {
  readonly side: Side;
  readonly pointer: string;
  /** As messages write it: `customer.orders[].price`. */
  readonly path: string;
}

/** The place of a field at the top of a side, or of an object's member. */
export function memberOf(site: Site, name: string): Site {
  const path = site.path === '' ? name : `${site.path}.${name}`;
  return { ...site, pointer: `${site.pointer}/${name}`, path };
}

/** The place of every item of a list, or of every value of a dict. */
export function eachOf(site: Site, brackets: '[]' | '{}'): Site {
  return { ...site, pointer: `${site.pointer}/*`, path: `${site.path}${brackets}` };
}

interface Details {
  /** What happened, as the rest of a sentence that begins with the place. */
  what: string;
  from?: unknown;
  to?: unknown;
  hint?: string | undefined;
}

/** One change with the verdict and the reason that the table of rules gives it. */
export function change(site: Site, code: ChangeCode, { what, from, to, hint }: Details): SignatureChange {
  const { verdict, because } = changeRules[code][site.side];
  return {
    pointer: site.pointer,
    code,
    verdict,
    message: `${subjectOf(site)} ${what}: ${because}.`,
    ...(hint !== undefined && { hint }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function subjectOf({ side, path, pointer }: Site): string {
  const noun = side === 'input' ? 'Input' : 'Output';
  if (path !== '') return `${noun} "${path}"`;
  return pointer === '/instructions' ? 'The instructions' : `The list of ${side}s`;
}
