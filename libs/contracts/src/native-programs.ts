import type { ProgramVersionV1 } from './messages/program-version.v1';
import type { ErrorItem } from './messages/wire-error';

const MODULES: readonly string[] = ['Predict', 'ChainOfThought'];
const FORMATS: readonly string[] = ['auto', 'json'];

/** What of a program decides whether it can run without a Python worker. */
export type NativeCandidate = Pick<ProgramVersionV1, 'signature' | 'module' | 'format'>;

/** What keeps a program from running in the execution service itself (adapter `native`); none when it can. */
export function nativeRefusals(
  { signature, module, format }: NativeCandidate,
  hint = 'Change it, or use the adapter "python".',
): ErrorItem[] {
  const refusals: ErrorItem[] = [];
  if (!MODULES.includes(module)) {
    const message = `The adapter "native" runs ${MODULES.join(' and ')}, not ${module}.`;
    refusals.push({ pointer: '/module', code: 'not_native', message, hint });
  }
  if (!FORMATS.includes(format)) {
    const message = `The adapter "native" asks models in the format json, not in ${format}.`;
    refusals.push({ pointer: '/format', code: 'not_native', message, hint });
  }
  const fields = [...signature.inputs, ...signature.outputs];
  const withImage = fields.find(({ type }) => JSON.stringify(type).includes('"image"'));
  if (withImage !== undefined) {
    const message = `The adapter "native" has no images, and "${withImage.name}" is of one.`;
    refusals.push({ pointer: '/signature', code: 'not_native', message, hint });
  }
  return refusals;
}
