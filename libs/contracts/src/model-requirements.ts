import type { ModelCapabilities, ModelRequirements, ModelV1 } from './messages/model.v1';

/** What a program needs that a model does not say it can do; empty when it can do all of it. */
export function missingCapabilities(capabilities: ModelCapabilities, requires: ModelRequirements = {}): string[] {
  return (Object.keys(requires) as (keyof ModelRequirements)[]).flatMap((name) => {
    const [needed, found] = [requires[name], capabilities[name]];
    if (typeof needed === 'number') return Number(found ?? 0) >= needed ? [] : [`${name} ${needed}`];
    return needed === true && found !== true ? [name] : [];
  });
}

/** Says of each model what it lacks, where none of them can do what a program needs. */
export function noCapableModel(
  models: readonly Pick<ModelV1, 'name' | 'capabilities'>[],
  requires: ModelRequirements,
): string {
  const lacks = models.map(
    ({ name, capabilities }) => `"${name}" does not say ${missingCapabilities(capabilities, requires).join(', ')}`,
  );
  return (
    `No model in "config.models" meets "config.router.requires": ${lacks.join('; ')}. Name one that does, tell in the ` +
    '"capabilities" of a model what it can do, or require less.'
  );
}
