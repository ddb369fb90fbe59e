import { Injectable } from '@nestjs/common';
import { SIGNALS, type ExecutionAcceptedV1, type ExecutionBegunV1 } from '@dspy-nest/contracts';
import { EventLog, SignalBus, type EventListener, type StoredEvent } from '@dspy-nest/messaging';
import { Watchers } from '../events/watchers';

const ENDED = /^execution\.execution\./;

/** Tells those who follow an execution that its state has moved. However many follow, the process listens once. */
@Injectable()
export class ExecutionWatch implements EventListener {
  private readonly watchers = new Watchers();
  private isListening = false;

  constructor(
    private readonly log: EventLog,
    private readonly signals: SignalBus,
  ) {}

  /** Calls back after each move of an execution, until the function that this gives is called. Throws ServiceUnavailableError. */
  async watch(tenant: string, id: string, onMove: () => void): Promise<() => void> {
    await this.listen();
    return this.watchers.add(tenant, id, onMove);
  }

  take({ event: { type, tenant, subject } }: StoredEvent): void {
    if (subject !== undefined && ENDED.test(type)) this.watchers.tell(tenant, subject);
  }

  lose(): void {
    this.watchers.tellAll();
  }

  private async listen(): Promise<void> {
    await this.log.listen(this);
    if (this.isListening) return;
    this.isListening = true;
    const moved = ({ tenant, executionId }: ExecutionAcceptedV1 | ExecutionBegunV1): void =>
      this.watchers.tell(tenant, executionId);
    this.signals.subscribe<ExecutionAcceptedV1>(SIGNALS.executionAccepted, moved);
    this.signals.subscribe<ExecutionBegunV1>(SIGNALS.executionBegun, moved);
  }
}
