import { newContext } from '@dspy-nest/platform';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { REGISTRY_SETTINGS, type RegistrySettings } from '../registry.settings';
import { environmentModel } from './environment-model';
import { ModelsService } from './models.service';

/** The model of programs that name none. */
const DEFAULT_MODEL = 'default';

/** At start, makes the model `default` of the tenant `default` what the environment says. */
@Injectable()
export class DefaultModel implements OnApplicationBootstrap {
  private readonly logger = new Logger(DefaultModel.name);

  constructor(
    private readonly models: ModelsService,
    @Inject(REGISTRY_SETTINGS) private readonly settings: RegistrySettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const content = environmentModel(this.settings);
    await this.models.adopt(newContext(), DEFAULT_MODEL, content);
    if (content === null)
      this.logger.warn('The environment defines no model "default"; programs need one made by the API.');
  }
}
