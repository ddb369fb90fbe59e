import { cloudEvent } from '@dspy-nest/platform';
import { eventSubject, type ExecutionFinishedV1, publicEventType } from '@dspy-nest/contracts';
import type { OutboxRow } from '@dspy-nest/persistence';
import type { FinishedExecution } from '../lifecycle/execution-outcome';

const OF_EXECUTIONS = { service: 'execution', entity: 'execution' } as const;

/** The public event of an ended execution: what happened and what it cost, without the contents. */
export function finishedEvent(row: FinishedExecution): Omit<OutboxRow, 'id'> {
  const { service, entity } = OF_EXECUTIONS;
  const verb = row.status.replace('_', '-');
  const event = cloudEvent(row, {
    id: `${row.id}:${verb}`,
    source: service,
    type: publicEventType({ service, entity, verb }),
    subject: row.id,
    data: toData(row),
  });
  return { subject: eventSubject(row.tenant, service, entity, verb), event };
}

function toData(row: FinishedExecution): ExecutionFinishedV1 {
  return {
    id: row.id,
    program: row.program,
    programId: row.programId,
    version: row.version,
    signature: row.signature,
    status: row.status,
    model: row.model,
    adapter: row.adapter,
    format: row.format,
    worker: row.worker,
    attempt: row.attempt,
    usage: { promptTokens: row.promptTokens, completionTokens: row.completionTokens, costUsd: row.costUsd },
    totalMs: row.totalMs,
    lmMs: row.lmMs,
    errorCode: row.error?.code ?? null,
    finishedAt: row.finishedAt.toISOString(),
  };
}
