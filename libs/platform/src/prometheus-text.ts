const FIRST_LINE = /^# HELP (\S+)/;

/**
 * Several texts of metrics as one: each metric is described once, with the samples of all texts below. The texts differ in a
 * label of every sample, as those of {@link Telemetry} do.
 */
export function joinMetricsTexts(texts: readonly string[]): string {
  const metrics = new Map<string, { description: string[]; samples: string[] }>();
  for (const block of texts.flatMap((text) => text.split(/^(?=# HELP )/m))) {
    const name = FIRST_LINE.exec(block)?.[1];
    if (name === undefined) continue;
    const lines = block.split('\n').filter((line) => line !== '');
    const metric = metrics.get(name) ?? { description: lines.filter((line) => line.startsWith('#')), samples: [] };
    metric.samples.push(...lines.filter((line) => !line.startsWith('#')));
    metrics.set(name, metric);
  }
  const told = [...metrics.values()].filter(({ samples }) => samples.length > 0);
  return told.flatMap(({ description, samples }) => [...description, ...samples, '']).join('\n');
}
