import { eventFilter, type CloudEvent, type ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { EventBus, Nats, RequestClient } from '@dspy-nest/messaging';
import { DEFAULT_TENANT } from '@dspy-nest/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { TenantPrograms } from './tenant-programs';

/**
 * The programs of the registry as they are now, in every process that serves by them. It learns of changes by events, which
 * several changes at once share, and reads all anew at the start and whenever events may have been missed.
 */
@Injectable()
export class ProgramCatalog implements OnModuleInit, OnModuleDestroy {
  private readonly tenants = new Map<string, TenantPrograms>();
  private readonly listeners = new Set<(tenant: string) => void>();

  constructor(
    private readonly requests: RequestClient,
    private readonly events: EventBus,
    private readonly nats: Nats,
  ) {}

  onModuleInit(): void {
    this.events.subscribe(eventFilter('registry', 'program'), ({ tenant, data }: CloudEvent) =>
      this.tenants.get(tenant)?.changed((data as { id: string }).id),
    );
    this.nats.onReconnect(() => {
      for (const programs of this.tenants.values()) programs.reload();
    });
    // While access control is off there is no other.
    this.of(DEFAULT_TENANT);
  }

  onModuleDestroy(): void {
    for (const programs of this.tenants.values()) programs.stop();
  }

  /** The published programs of a tenant, as far as they are known: a tenant is learnt from the first time it is asked for. */
  of(tenant: string): Iterable<ProgramInterfaceV1> {
    const known = this.tenants.get(tenant) ?? this.learn(tenant);
    return known.programs;
  }

  /** Whether the programs of a tenant have been read once. */
  knows(tenant: string): boolean {
    return this.tenants.get(tenant)?.isKnown ?? false;
  }

  /** Calls back after each change of the programs of a tenant, until the function that this gives is called. */
  onChange(listener: (tenant: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private learn(tenant: string): TenantPrograms {
    const programs = new TenantPrograms(tenant, this.requests, () => {
      for (const listener of this.listeners) listener(tenant);
    });
    this.tenants.set(tenant, programs);
    programs.reload();
    return programs;
  }
}
