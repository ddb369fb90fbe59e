import { listProcesses, type ProcessEntry, type Surroundings } from '../../start/process-list';

/** How many processes of each kind there are. */
export interface SuiteSize {
  readonly workers: number;
  readonly workerConcurrency: number;
  readonly replicas: number;
  readonly gateways: number;
}

/** The processes of `npm start`, with as many replicas of `execution` as told and a gateway on each port. */
export function replicatedProcesses(
  surroundings: Surroundings,
  { replicas }: SuiteSize,
  ports: readonly number[],
  env: NodeJS.ProcessEnv,
): ProcessEntry[] {
  return listProcesses(surroundings, env).flatMap((entry) => {
    if (entry.name === 'execution')
      return numbered(
        entry,
        Array.from({ length: replicas }, () => ({})),
      );
    if (entry.name === 'gateway') {
      return numbered(
        entry,
        ports.map((port) => ({ PORT: String(port) })),
      );
    }
    return [entry];
  });
}

function numbered(entry: ProcessEntry, environments: readonly NodeJS.ProcessEnv[]): ProcessEntry[] {
  return environments.map((env, index) => ({
    ...entry,
    name: `${entry.name}-${index + 1}`,
    env: { ...entry.env, ...env },
  }));
}
