import { Module } from '@nestjs/common';
import { CreationsModule } from '../creations/creations.module';
import { OutboxModule } from '../outbox/outbox.module';
import { REGISTRY_SETTINGS, type RegistrySettings } from '../registry.settings';
import { ApiKeyCipher } from './api-key-cipher';
import { DefaultModel } from './default-model';
import { ModelsHandler } from './models.handler';
import { ModelsRepository } from './models.repository';
import { ModelsResolver } from './models.resolver';
import { ModelsService } from './models.service';
import { ServerGuard } from './server-guard';

const cipher = {
  provide: ApiKeyCipher,
  inject: [REGISTRY_SETTINGS],
  useFactory: (settings: RegistrySettings) => new ApiKeyCipher(settings.DSPY_NEST_SECRET_KEY),
};

@Module({
  imports: [OutboxModule, CreationsModule],
  controllers: [ModelsHandler],
  providers: [ModelsService, ModelsRepository, ModelsResolver, ServerGuard, DefaultModel, cipher],
  exports: [ModelsService],
})
export class ModelsModule {}
