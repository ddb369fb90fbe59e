import { Injectable } from '@nestjs/common';
import { EventLog, type EventListener, type StoredEvent } from '@dspy-nest/messaging';
import { Watchers } from '../events/watchers';

const MOVED = /^execution\.batch\./;

/** Tells those who follow a batch that it has moved. However many follow, the process listens once. */
@Injectable()
export class BatchWatch implements EventListener {
  private readonly watchers = new Watchers();

  constructor(private readonly log: EventLog) {}

  /** Calls back after each move of a batch, until the function that this gives is called. Throws ServiceUnavailableError. */
  async watch(tenant: string, id: string, onMove: () => void): Promise<() => void> {
    await this.log.listen(this);
    return this.watchers.add(tenant, id, onMove);
  }

  take({ event: { type, tenant, subject } }: StoredEvent): void {
    if (subject !== undefined && MOVED.test(type)) this.watchers.tell(tenant, subject);
  }

  lose(): void {
    this.watchers.tellAll();
  }
}
