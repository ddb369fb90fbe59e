import type { MetricCreateV1, MetricRefV1, MetricUpdateV1, MetricV1, PageRequest } from '@dspy-nest/contracts';
import type { ListPage, VerbOf } from '@dspy-nest/persistence';
import { isUuid, type RequestContext, NameConflictError, expectVersion } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CreationsService } from '../creations/creations.service';
import { JudgesService } from '../judges/judges.service';
import { OptimizationOutbox } from '../outbox/optimization-outbox';
import { changedMetricContent, newMetricContent, sameMetricContent, type MetricContent } from './metric-content';
import { toMetric, type MetricEntity, type MetricVersionEntity } from './metric.entity';
import { MetricNotFoundError } from './metrics.errors';
import { MetricsRepository } from './metrics.repository';

/** Metrics and their immutable versions. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly metrics: MetricsRepository,
    private readonly outbox: OptimizationOutbox,
    private readonly creations: CreationsService,
    private readonly judges: JudgesService,
  ) {}

  /** Makes version 1, once for a key. Throws InvalidMetricError, NameConflictError, IdempotencyKeyReusedError, and the registry's errors on judges. */
  async create(ctx: RequestContext, request: MetricCreateV1): Promise<MetricV1> {
    const content = newMetricContent(await this.pinned(ctx, request));
    return this.creations.once(ctx, { entity: 'metric', request }, async (manager, id) =>
      toMetric(await this.insert(ctx, manager, { id, name: request.name, content })),
    );
  }

  /** Makes a new version of what is given; when that says nothing new, answers the newest. Throws MetricNotFoundError, InvalidMetricError, VersionConflictError, and the registry's errors on judges. */
  async update(ctx: RequestContext, { name, ifMatch, ...request }: MetricUpdateV1): Promise<MetricV1> {
    const given = await this.pinned(ctx, request);
    const row = await this.outbox.transaction(ctx, async (manager) => {
      const metric = await this.metrics.lock(manager, ctx.tenant, name);
      if (metric === null) throw new MetricNotFoundError(name);
      expectVersion(`Metric "${name}"`, metric, ifMatch);
      return this.addVersion(ctx, manager, metric, changedMetricContent(given, metric.current));
    });
    return toMetric(row);
  }

  /** One version, or the newest. Throws MetricNotFoundError. */
  async get(ctx: RequestContext, { name, version }: MetricRefV1): Promise<MetricV1> {
    const { id, current } = await this.find(ctx, name);
    if (version === undefined || version === current.version) return toMetric(current);
    const row = await this.metrics.findVersion(ctx.tenant, id, version);
    if (row === null) throw new MetricNotFoundError(name, version);
    return toMetric(row);
  }

  /** The newest versions by id, in any order; unknown ones are left out. */
  async getMany(ctx: RequestContext, ids: readonly string[]): Promise<MetricV1[]> {
    const metrics = await this.metrics.findMany(ctx.tenant, ids.filter(isUuid));
    return metrics.map(({ current }) => toMetric(current));
  }

  /** The newest version of each. */
  async list(ctx: RequestContext, request: PageRequest): Promise<ListPage<MetricV1>> {
    const page = await this.metrics.list(ctx.tenant, request);
    return { ...page, items: page.items.map(({ current }) => toMetric(current)) };
  }

  /** All versions of one. Throws MetricNotFoundError. */
  async versions(
    ctx: RequestContext,
    { name, ...request }: PageRequest & { name: string },
  ): Promise<ListPage<MetricV1>> {
    const { id } = await this.find(ctx, name);
    const page = await this.metrics.listVersions(ctx.tenant, id, request);
    return { ...page, items: page.items.map(toMetric) };
  }

  /** A request whose definition, if it has one, names its judges in the versions of now. */
  private async pinned<T extends Pick<MetricUpdateV1, 'definition'>>(ctx: RequestContext, request: T): Promise<T> {
    const { definition } = request;
    return definition === undefined ? request : { ...request, definition: await this.judges.pinned(ctx, definition) };
  }

  private async find({ tenant }: RequestContext, name: string): Promise<MetricEntity> {
    const metric = await this.metrics.find(tenant, name);
    if (metric === null) throw new MetricNotFoundError(name);
    return metric;
  }

  private async insert(
    ctx: RequestContext,
    manager: EntityManager,
    { id, name, content }: { id: string; name: string; content: MetricContent },
  ): Promise<MetricVersionEntity> {
    const { tenant } = ctx;
    const [createdAt, version] = [new Date(), 1];
    const metric = { tenant, id, name, version, createdAt, updatedAt: createdAt };
    if (!(await this.metrics.insert(manager, metric))) {
      throw new NameConflictError(`The metric name "${name}" is taken. Choose another, or update that metric.`);
    }
    const row = { ...content, tenant, metricId: id, version, name, createdAt };
    await this.metrics.insertVersion(manager, row);
    await this.record(ctx, manager, 'created', row);
    return row;
  }

  private async addVersion(
    ctx: RequestContext,
    manager: EntityManager,
    metric: MetricEntity,
    content: MetricContent,
  ): Promise<MetricVersionEntity> {
    const { tenant, id, name, current } = metric;
    if (sameMetricContent(content, current)) return current;
    const [version, createdAt] = [metric.version + 1, new Date()];
    const row = { ...content, tenant, metricId: id, version, name, createdAt };
    await this.metrics.insertVersion(manager, row);
    await this.metrics.setVersion(manager, { ...metric, version, updatedAt: createdAt });
    await this.record(ctx, manager, 'updated', row);
    return row;
  }

  private record(
    ctx: RequestContext,
    manager: EntityManager,
    verb: VerbOf<'optimization', 'metric'>,
    { metricId: id, name, version }: MetricVersionEntity,
  ): Promise<void> {
    return this.outbox.record(manager, ctx, { entity: 'metric', verb, id, name, version });
  }
}
