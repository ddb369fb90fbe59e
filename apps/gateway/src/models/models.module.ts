import { Module } from '@nestjs/common';
import { ModelsClient } from './models.client';
import { ModelsController } from './models.controller';

@Module({ controllers: [ModelsController], providers: [ModelsClient] })
export class ModelsModule {}
