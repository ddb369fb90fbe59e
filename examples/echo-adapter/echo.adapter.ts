import type { ErrorItem, ProgramVersionV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { AskedModels, ExecutionAdapter, LocalRun } from '../../apps/execution/src/adapters/execution-adapter';
import { NO_MODEL_ASKED, type RunResult } from '../../apps/execution/src/adapters/local-runs/run-result';
import { ProgramsClient } from '../../apps/execution/src/programs/programs.client';

/** Answers each output with the inputs as JSON and asks no model: for trying out what calls a program. */
@Injectable()
export class EchoAdapter implements ExecutionAdapter {
  readonly name = 'echo';

  constructor(private readonly programs: ProgramsClient) {}

  async models(ctx: RequestContext, { model }: ProgramVersionV1): Promise<AskedModels> {
    return { model: await this.programs.model(ctx, model), ensemble: null };
  }

  refusals({ signature }: Pick<ProgramVersionV1, 'signature'>): ErrorItem[] {
    const other = signature.outputs.find(({ type }) => type !== 'string');
    if (other === undefined) return [];
    const message = `The adapter "echo" answers in text, and the output "${other.name}" is none. Use another adapter.`;
    return [{ pointer: '/signature', code: 'not_echoed', message }];
  }

  async run({ ctx, row }: LocalRun): Promise<RunResult> {
    const { program } = await this.programs.resolve(ctx, row.programId, row.version);
    const text = JSON.stringify(row.inputs);
    const outputs = Object.fromEntries(program.signature.outputs.map(({ name }) => [name, text]));
    return { ...NO_MODEL_ASKED, status: 'succeeded', outputs, error: null };
  }
}
