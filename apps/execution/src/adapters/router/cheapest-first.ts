import type { ModelV1 } from '@dspy-nest/contracts';

/** What a million tokens in and a million out cost; what is not known might cost anything. */
function priceUsd({ pricing }: Pick<ModelV1, 'pricing'>): number {
  const { inputPerMillionUsd, outputPerMillionUsd } = pricing ?? {};
  if (inputPerMillionUsd == null || outputPerMillionUsd == null) return Infinity;
  return inputPerMillionUsd + outputPerMillionUsd;
}

/** The models by their price, those of unknown price last; equal ones stay in the order they came in. */
export function cheapestFirst<Model extends Pick<ModelV1, 'pricing'>>(models: readonly Model[]): Model[] {
  return [...models].sort((a, b) => {
    const [one, other] = [priceUsd(a), priceUsd(b)];
    return one === other ? 0 : one - other;
  });
}
