import type { HashedContent } from '../hash';
import { change, type SignatureChange } from './change';
import { diffFields } from './diff-fields';
import type { ChangeVerdict } from './rules';

/** Whether those who use one version can use another as they are, and all that differs. */
export interface SignatureDiff {
  verdict: 'identical' | ChangeVerdict;
  changes: SignatureChange[];
}

type Compared = Pick<HashedContent, 'inputs' | 'outputs' | 'instructions'>;

/**
 * Compares two versions of a signature for those who call it and read its answers. It is compatible when all inputs that `from`
 * takes are taken by `to`, and all outputs of `to` can be read as outputs of `from` by readers that ignore new members.
 */
export function diffSignatures(from: Compared, to: Compared): SignatureDiff {
  const changes = [
    ...diffFields({ side: 'input', pointer: '/inputs', path: '' }, from.inputs, to.inputs),
    ...diffFields({ side: 'output', pointer: '/outputs', path: '' }, from.outputs, to.outputs),
    ...diffInstructions(from.instructions, to.instructions),
  ];
  return { verdict: verdictOf(changes), changes };
}

function verdictOf(changes: readonly SignatureChange[]): SignatureDiff['verdict'] {
  if (changes.length === 0) return 'identical';
  return changes.some(({ verdict }) => verdict === 'breaking') ? 'breaking' : 'compatible';
}

function diffInstructions(from: string | undefined, to: string | undefined): SignatureChange[] {
  if (from === to) return [];
  const site = { side: 'input', pointer: '/instructions', path: '' } as const;
  return [change(site, 'instructions_changed', { what: 'have changed', from, to })];
}
