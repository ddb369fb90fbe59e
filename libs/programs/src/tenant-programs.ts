import { REQUESTS, type Page, type PageRequest, type ProgramInterfaceV1 } from '@dspy-nest/contracts';
import type { RequestClient } from '@dspy-nest/messaging';
import { newContext } from '@dspy-nest/platform';
import { Logger } from '@nestjs/common';

/** A change after a quiet time is read at once; those that come within this time of it are read, and told of, together. */
const SETTLE_MS = 50;
const RETRY_MS = 250;
/** A page of the largest signatures there can be is still smaller than a message of NATS. */
const PAGE_SIZE = 50;

const logger = new Logger('ProgramCatalog');

/** The published programs of one tenant, kept up to date. */
export class TenantPrograms {
  /** Whether they have been read once. */
  isKnown = false;
  private known: ReadonlyMap<string, ProgramInterfaceV1> = new Map();
  private readonly stale = new Set<string>();
  private allStale = false;
  private timer: NodeJS.Timeout | undefined;
  private isReading = false;
  private readAtMs = Number.NEGATIVE_INFINITY;
  private isFailing = false;
  private isStopped = false;

  constructor(
    private readonly tenant: string,
    private readonly requests: RequestClient,
    private readonly onChange: () => void,
  ) {}

  /** In no order. */
  get programs(): Iterable<ProgramInterfaceV1> {
    return this.known.values();
  }

  /** Has one program read again. */
  changed(programId: string): void {
    this.stale.add(programId);
    this.readIn(this.readAtMs + SETTLE_MS - performance.now());
  }

  /** Has all programs read again. */
  reload(): void {
    this.allStale = true;
    this.readIn(0);
  }

  /** Reads no more. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private readIn(delayMs: number): void {
    if (this.isStopped || this.isReading || this.timer !== undefined) return;
    this.timer = setTimeout(() => void this.read(), Math.max(delayMs, 0));
  }

  private async read(): Promise<void> {
    this.timer = undefined;
    this.isReading = true;
    const delayMs = await this.readStale();
    this.isReading = false;
    this.readAtMs = performance.now();
    if (this.allStale || this.stale.size > 0) this.readIn(delayMs);
  }

  /** Resolves to how long to wait with what is stale by then. */
  private async readStale(): Promise<number> {
    const [all, ids] = [this.allStale, [...this.stale]];
    this.allStale = false;
    this.stale.clear();
    try {
      this.known = all ? await this.readAll() : await this.readSome(ids);
    } catch (error) {
      this.tellOnce(error);
      this.allStale ||= all;
      for (const id of ids) this.stale.add(id);
      return RETRY_MS;
    }
    this.isFailing = false;
    this.isKnown = true;
    this.onChange();
    return SETTLE_MS;
  }

  private tellOnce(cause: unknown): void {
    if (this.isFailing) return;
    this.isFailing = true;
    logger.warn(new Error(`The programs of tenant "${this.tenant}" cannot be read; trying again.`, { cause }));
  }

  private async readAll(): Promise<Map<string, ProgramInterfaceV1>> {
    const found = new Map<string, ProgramInterfaceV1>();
    let cursor: string | null = null;
    do {
      const page: Page<ProgramInterfaceV1> = await this.ask(cursor === null ? {} : { cursor });
      for (const program of page.items) found.set(program.programId, program);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  /** What is asked for and not answered does not exist any more. */
  private async readSome(ids: readonly string[]): Promise<Map<string, ProgramInterfaceV1>> {
    const found = new Map(this.known);
    for (let at = 0; at < ids.length; at += PAGE_SIZE) {
      const asked = ids.slice(at, at + PAGE_SIZE);
      const { items } = await this.ask({ filter: { id: { in: asked } } });
      for (const id of asked) found.delete(id);
      for (const program of items) found.set(program.programId, program);
    }
    return found;
  }

  private ask(request: PageRequest): Promise<Page<ProgramInterfaceV1>> {
    const page = { ...request, limit: PAGE_SIZE, sort: 'createdAt' };
    return this.requests.request(newContext(this.tenant), REQUESTS.programInterfaces, page);
  }
}
