import type { ProgramVersionV1 } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { SignatureSpec } from '@dspy-nest/signature';
import type { SettingRefusal } from '../module-types/module-type';
import { COMPARABLE, isComparable } from '../module-types/reward';

type Asked = Pick<ProgramVersionV1, 'signature' | 'adapter' | 'config'>;

const named = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Throws ValidationFailedError with everything that keeps the adapter multi from running a program that asks for it. */
export function checkMultiSettings({ signature, adapter, config }: Asked): void {
  if (adapter !== 'multi' && config.multi === undefined) return;
  const refusals = [...refuseModels(config), ...refuseFields(signature, config)];
  if (refusals.length === 0) return;
  throw new ValidationFailedError('The settings do not suit the adapter "multi".', refusals);
}

function refuseModels({ models = [] }: ProgramVersionV1['config']): SettingRefusal[] {
  const code = 'models_too_few';
  if (new Set(models).size >= 2 && new Set(models).size === models.length) return [];
  const message =
    models.length < 2
      ? 'The adapter "multi" asks several models at once: it needs at least two.'
      : `"config.models" names a model more than once: ${named(models)}; the adapter "multi" asks each once.`;
  const hint =
    'Name two to eight different models in "config.models"; the module Majority asks one model several times.';
  return [{ pointer: '/config/models', code, message, hint }];
}

function refuseFields(signature: SignatureSpec, { multi }: ProgramVersionV1['config']): SettingRefusal[] {
  if (multi?.strategy === 'best') return refuseBest(signature, multi.fields);
  if (multi?.fields === undefined) return [];
  if (multi.strategy === 'first') {
    const message = 'The strategy "first" takes the first valid answer, whatever is in it: it has no use for fields.';
    const hint = 'Leave "fields" out, or choose "vote" or "best".';
    return [{ pointer: '/config/multi/fields', code: 'fields_unused', message, hint }];
  }
  const outputs = signature.outputs.map(({ name }) => name);
  return multi.fields.flatMap((field, index) => {
    if (outputs.includes(field)) return [];
    const message = `There is no output "${field}" to vote on.`;
    return [
      { pointer: `/config/multi/fields/${index}`, code: 'no_output', message, hint: `There is ${named(outputs)}.` },
    ];
  });
}

function refuseBest({ outputs }: SignatureSpec, fields: readonly string[] = []): SettingRefusal[] {
  const able = outputs.filter(isComparable).map(({ name }) => name);
  if (fields.length === 1 && able.includes(fields[0]!)) return [];
  const message = `The strategy "best" needs the name of one output of type ${COMPARABLE} that is not optional.`;
  const hint =
    able.length > 0
      ? `Name one of ${named(able)} in "config.multi.fields".`
      : 'Add an output to the signature that says how good the answer is, such as "confidence: probability".';
  return [{ pointer: '/config/multi/fields', code: 'not_comparable', message, hint }];
}
