import { Module } from '@nestjs/common';
import { WorkersClient } from './workers.client';
import { WorkersController } from './workers.controller';

@Module({ controllers: [WorkersController], providers: [WorkersClient] })
export class WorkersModule {}
