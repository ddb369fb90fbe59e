import { Injectable } from '@nestjs/common';
import { EventLog, type EventListener, type StoredEvent } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { FollowedResource, type Followable } from './followed-resource';
import { Watchers } from './watchers';

const MOVED = /^(?:execution\.batch|optimization\.(?:evaluation|optimization))\./;

/** Tells those who follow a batch, an evaluation or an optimisation that it has moved. However many follow, the process listens once. */
@Injectable()
export class MoveWatch implements EventListener {
  private readonly watchers = new Watchers();

  constructor(private readonly log: EventLog) {}

  /**
   * Follows a resource from after a number on; what it gives is over from the beginning when the end was seen. Throws what reading
   * it throws, and ServiceUnavailableError.
   */
  async follow<Event extends { readonly sequence: number }>(
    { tenant }: RequestContext,
    id: string,
    after: number,
    resource: Followable<Event>,
  ): Promise<FollowedResource<Event>> {
    const first = await resource.read();
    const watched: { end?: () => void } = {};
    const followed = new FollowedResource(resource, after, () => watched.end?.());
    if (first.isOver && first.event.sequence <= after) {
      await followed.return();
      return followed;
    }
    await this.log.listen(this);
    watched.end = this.watchers.add(tenant, id, () => followed.moved());
    return followed;
  }

  take({ event: { type, tenant, subject } }: StoredEvent): void {
    if (subject !== undefined && MOVED.test(type)) this.watchers.tell(tenant, subject);
  }

  lose(): void {
    this.watchers.tellAll();
  }
}
