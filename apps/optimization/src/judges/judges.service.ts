import { REQUESTS, type ErrorItem, type ProgramVersionV1 } from '@dspy-nest/contracts';
import { checkMetric, judgesOf, withJudges, type JudgeDefinition, type MetricDefinition } from '@dspy-nest/metrics';
import { RequestClient } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { executedOutputs, type Field } from '@dspy-nest/signature';
import { Injectable } from '@nestjs/common';
import { NotEvaluableError } from '../evaluations/evaluations.errors';
import { InvalidMetricError } from '../metrics/metrics.errors';
import { judgeSources } from './judge-inputs';
import { scoreField } from './judge-score';

/** A judge as it is asked: its definition in the metric, its program, and the output that is its score. */
export interface Judge {
  readonly definition: JudgeDefinition;
  readonly program: ProgramVersionV1;
  readonly score: Field;
}

/** The programs that judge. */
@Injectable()
export class JudgesService {
  constructor(private readonly requests: RequestClient) {}

  /**
   * A definition whose judges are named in the version of now, so that it means the same for ever. What is no metric stays as it is.
   * Throws InvalidMetricError for a judge without a score, and the registry's errors on programs.
   */
  async pinned(ctx: RequestContext, definition: object): Promise<object> {
    const check = checkMetric(definition);
    if (!check.ok) return definition;
    const judges = await this.of(ctx, check.metric);
    const pinned = judges.map(({ definition: judge, program, score }) => {
      return { ...judge, version: program.version, score: score.name };
    });
    return withJudges(check.metric, pinned);
  }

  /** A metric whose judges know where their inputs are from when they judge a program. Throws NotEvaluableError. */
  async bound(ctx: RequestContext, metric: MetricDefinition, judged: ProgramVersionV1): Promise<MetricDefinition> {
    const judges = await this.of(ctx, metric);
    const fields = { inputs: judged.signature.inputs, outputs: executedOutputs(judged.signature, judged.module) };
    const errors: ErrorItem[] = [];
    const bound = judges.map(({ definition, program }) => {
      const inputs = judgeSources(program.signature, fields, definition.inputs);
      if (!Array.isArray(inputs)) return { ...definition, inputs };
      errors.push(...inputs.map((message) => ({ pointer: '/metric', code: 'not_evaluable', message })));
      return definition;
    });
    if (errors.length > 0) throw new NotEvaluableError(errors);
    return withJudges(metric, bound);
  }

  /** The judges of a metric, in their order. Throws InvalidMetricError, and the registry's errors on programs. */
  of(ctx: RequestContext, metric: MetricDefinition): Promise<Judge[]> {
    return Promise.all(judgesOf(metric).map((definition) => this.judge(ctx, definition)));
  }

  private async judge(ctx: RequestContext, definition: JudgeDefinition): Promise<Judge> {
    const asked = { name: definition.program, version: definition.version };
    const program = await this.requests.request<ProgramVersionV1>(ctx, REQUESTS.programResolve, asked);
    const score = scoreField(program, definition.score);
    if (score !== undefined) return { definition, program, score };
    const named = definition.score === undefined ? 'one output' : `the output "${definition.score}"`;
    const message = `The judge "${definition.program}" must have ${named} that is a score: a probability, a bool, or a number with min and max. Name it as "score".`;
    throw new InvalidMetricError([{ pointer: '', message }]);
  }
}
