import type { KeyedRequest } from '@dspy-nest/persistence';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import { AdmissionService } from '../admission/admission.service';
import { KnownAnswers } from '../answers/known-answers';
import { DispatchService } from '../dispatch/dispatch.service';
import type { ExecutionEntity } from '../executions/execution.entity';
import { CallerHungUpError } from '../executions/executions.errors';
import { IdempotencyService } from '../idempotency/idempotency.service';
import { Callers } from './callers';
import { OutcomesService } from './outcomes.service';

/** An execution that is asked for: its row, how many of its program may be open, and the key it came with. */
interface AskedExecution {
  readonly row: ExecutionEntity;
  readonly maxConcurrency: number | undefined;
  readonly keyed: KeyedRequest | undefined;
}

/** How executions are taken in: admitted, accepted, handed to the fleet. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly admission: AdmissionService,
    private readonly idempotency: IdempotencyService,
    private readonly dispatch: DispatchService,
    private readonly callers: Callers,
    private readonly outcomes: OutcomesService,
    private readonly answers: KnownAnswers,
  ) {}

  /** Runs an execution for a caller who waits; resolves to how it ended, or to what the first request with its key is answered. */
  async run(asked: AskedExecution): Promise<ExecutionEntity> {
    const { row, keyed } = asked;
    const joined = this.callers.join(row.tenant, row.id);
    if (joined !== undefined) return joined;
    if (keyed === undefined && this.callers.hasHungUp(row)) throw new CallerHungUpError(row.id);
    // Whoever has a key will come back for the answer.
    const ended = this.callers.hold(row, keyed !== undefined);
    const begun = this.answerOrBegin(asked, ended).then(
      (known) => (known === null ? undefined : this.callers.end(row.id, known)),
      (error: unknown) => this.callers.fail(row.id, error),
    );
    await Promise.race([begun, ended]);
    return this.outcomes.within(row, ended);
  }

  /** Accepts an execution that nobody waits for; resolves to it, or to the one that its id or key stands for already. */
  async enqueue({ row, maxConcurrency, keyed }: AskedExecution): Promise<ExecutionEntity> {
    const known = await this.answers.fromCache(row, () => this.claim(row, keyed));
    return known ?? (await this.admitted(row, maxConcurrency, () => this.accept(row, keyed))) ?? row;
  }

  private async answerOrBegin(
    { row, maxConcurrency, keyed }: AskedExecution,
    ended: Promise<ExecutionEntity>,
  ): Promise<ExecutionEntity | null> {
    const known = await this.answers.whenKnown(row, ended, () => this.claim(row, keyed));
    return known ?? this.admitted(row, maxConcurrency, () => this.begin(row, keyed));
  }

  /** Takes the key of an execution that needs no worker; resolves to null, or to what the key stands for already. */
  private async claim(row: ExecutionEntity, keyed: KeyedRequest | undefined): Promise<ExecutionEntity | null> {
    return keyed === undefined ? null : this.idempotency.accept(row, keyed);
  }

  /** Does what begins an admitted execution; what it resolves to is null unless there was an execution already. */
  private async admitted(
    row: ExecutionEntity,
    maxConcurrency: number | undefined,
    begin: () => Promise<ExecutionEntity | null>,
  ): Promise<ExecutionEntity | null> {
    await this.admission.admit(row, maxConcurrency);
    try {
      const known = await begin();
      if (known !== null) this.admission.leave(row);
      return known;
    } catch (error) {
      this.admission.leave(row);
      throw error;
    }
  }

  private async begin(row: ExecutionEntity, keyed: KeyedRequest | undefined): Promise<ExecutionEntity | null> {
    // Cancelled while a worker was waited for.
    if (this.callers.row(row.tenant, row.id) !== row) {
      this.admission.endedElsewhere(row.id);
      return null;
    }
    if (keyed !== undefined) return this.accept(row, keyed);
    await this.dispatchAtOnce(row);
    return null;
  }

  /** Commits the acceptance before the job is published; resolves to null unless there was an execution already. */
  private async accept(row: ExecutionEntity, keyed: KeyedRequest | undefined): Promise<ExecutionEntity | null> {
    const known = await this.idempotency.accept(row, keyed);
    if (known === null) void this.dispatch.publishAccepted(row);
    return known;
  }

  /** Publishes the job before its acceptance is written, which may then be written with the outcome. Not so with large inputs. */
  private async dispatchAtOnce(row: ExecutionEntity): Promise<void> {
    const isPublished = await this.dispatch.publishUnaccepted(row).catch((cause: unknown) => {
      const message = 'The work queue did not take the execution; nothing of it is kept. Try again.';
      throw new ServiceUnavailableError(message, { cause });
    });
    if (isPublished) this.outcomes.acceptSoon(row);
    else if (await this.outcomes.acceptNow(row)) void this.dispatch.publishAccepted(row);
  }
}
