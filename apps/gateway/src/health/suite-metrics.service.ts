import { Injectable } from '@nestjs/common';
import { metricsOf } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { joinMetricsTexts, newContext, Telemetry } from '@dspy-nest/platform';
import { SERVICES } from '../services';

const TIMEOUT_MS = 2_000;

/** The metrics of the suite: this process's own, and those of every replica of the services. */
@Injectable()
export class SuiteMetricsService {
  constructor(
    private readonly telemetry: Telemetry,
    private readonly requests: RequestClient,
  ) {}

  /** Of this process alone. */
  ofGateway(): Promise<string> {
    return this.telemetry.metricsText();
  }

  /** Of all; a replica that does not answer in time is missing, so that one that hangs does not hide the others. */
  async ofAll(): Promise<string> {
    const texts = await Promise.all([
      this.ofGateway().then((text) => [text]),
      ...SERVICES.map((service) =>
        this.requests.requestAll<string>(newContext(), metricsOf(service), {}, { timeoutMs: TIMEOUT_MS }),
      ),
    ]);
    return joinMetricsTexts(texts.flat());
  }
}
