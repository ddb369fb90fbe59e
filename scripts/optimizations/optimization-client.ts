import { setTimeout as pause } from 'node:timers/promises';
import type {
  OptimizationCreateV1,
  OptimizationDiffV1,
  OptimizationLogV1,
  OptimizationTrialsV1,
  OptimizationV1,
  Page,
  ProgramV1,
} from '@dspy-nest/contracts';
import { askPatiently } from '../evaluations/patient-http';

const PAUSE_MS = 250;
const PAGE = 200;

/** A client of optimisations that asks again until it is answered, as it must while servers are killed. */
export class OptimizationClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Makes what an optimisation needs, or starts one; once, however often it has to ask. */
  async create<T>(path: string, body: object, key: string): Promise<T> {
    const headers = { 'idempotency-key': key };
    return JSON.parse(await askPatiently(this.url, { method: 'POST', path, body, headers })) as T;
  }

  /** Starts an optimisation. */
  optimize(request: OptimizationCreateV1, key: string): Promise<OptimizationV1> {
    return this.create('/v1/optimizations', request, key);
  }

  /** Waits until an optimisation is over, calling back with how it stands. */
  async ended(id: string, look: (optimization: OptimizationV1) => void): Promise<OptimizationV1> {
    for (;;) {
      const optimization = await this.read<OptimizationV1>(`/v1/optimizations/${id}`);
      look(optimization);
      if (optimization.finishedAt !== null) return optimization;
      await pause(PAUSE_MS);
    }
  }

  trials(id: string): Promise<OptimizationTrialsV1> {
    return this.read(`/v1/optimizations/${id}/trials?limit=${PAGE}`);
  }

  log(id: string): Promise<OptimizationLogV1> {
    return this.read(`/v1/optimizations/${id}/log?limit=${PAGE}`);
  }

  diff(id: string): Promise<OptimizationDiffV1> {
    return this.read(`/v1/optimizations/${id}/diff`);
  }

  versions(program: string): Promise<Page<ProgramV1>> {
    return this.read(`/v1/programs/${program}/versions`);
  }

  /** The optimisations that a version of a program came from. */
  origins(program: string, version: number): Promise<Page<OptimizationV1>> {
    const query = `filter[program][eq]=${program}&filter[candidateVersion][eq]=${version}`;
    return this.read(`/v1/optimizations?${query}`);
  }

  private async read<T>(path: string): Promise<T> {
    return JSON.parse(await askPatiently(this.url, { method: 'GET', path })) as T;
  }
}
