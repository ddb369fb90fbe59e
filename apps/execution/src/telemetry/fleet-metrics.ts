import { JobQueue } from '@dspy-nest/messaging';
import { Telemetry } from '@dspy-nest/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AdmissionService } from '../admission/admission.service';
import { DEFAULT_POOL, LANES } from '../dispatch/replica';
import { Callers } from '../lifecycle/callers';
import { WorkersService } from '../workers/workers.service';

/** Metrics are read to the end also while NATS is away. */
const QUEUE_PATIENCE_MS = 500;

/** What is looked at when metrics are read: the fleet, the queue, who waits and who was refused. */
@Injectable()
export class FleetMetrics implements OnModuleInit {
  constructor(
    private readonly telemetry: Telemetry,
    private readonly workers: WorkersService,
    private readonly admission: AdmissionService,
    private readonly callers: Callers,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    this.observeWorkers();
    this.observeQueue();
    const { meter } = this.telemetry;
    meter
      .createObservableGauge('dspy_open_callers', { description: 'Callers that wait at this replica.' })
      .addCallback((result) => result.observe(this.callers.count()));
    meter
      .createObservableCounter('dspy_admission_refused_total', { description: 'Executions that were not let in.' })
      .addCallback((result) => {
        for (const [reason, count] of Object.entries(this.admission.figures().refused))
          result.observe(count, { reason });
      });
  }

  private observeWorkers(): void {
    const { meter } = this.telemetry;
    const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description });
    const [count, inFlight, capacity] = [
      gauge('dspy_workers', 'Workers that live.'),
      gauge('dspy_worker_in_flight', 'Executions that workers have in hand.'),
      gauge('dspy_worker_capacity', 'Executions that ready workers can have in hand at once.'),
    ];
    meter.addBatchObservableCallback(
      (result) => {
        const workers = this.workers.list();
        const ready = workers.filter(({ status }) => status === 'ready');
        result.observe(count, ready.length, { status: 'ready' });
        result.observe(count, workers.length - ready.length, { status: 'draining' });
        result.observe(
          inFlight,
          workers.reduce((sum, worker) => sum + worker.inFlight, 0),
        );
        result.observe(
          capacity,
          ready.reduce((sum, worker) => sum + worker.concurrency, 0),
        );
      },
      [count, inFlight, capacity],
    );
  }

  private observeQueue(): void {
    const description = 'Jobs that wait or are being worked on.';
    this.telemetry.meter.createObservableGauge('dspy_queue_jobs', { description }).addCallback(async (result) => {
      for (const lane of LANES) {
        const depth = await this.depth(lane);
        if (depth !== undefined) result.observe(depth, { lane });
      }
    });
  }

  /** Jobs in a lane; undefined when NATS does not say soon. */
  private async depth(lane: string): Promise<number | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), QUEUE_PATIENCE_MS);
    });
    try {
      return await Promise.race([this.jobs.depth(DEFAULT_POOL, lane).catch(() => undefined), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
