import { Module } from '@nestjs/common';
import { WorkersHandler } from './workers.handler';
import { WorkersResolver } from './workers.resolver';
import { WorkersService } from './workers.service';

@Module({ controllers: [WorkersHandler], providers: [WorkersService, WorkersResolver], exports: [WorkersService] })
export class WorkersModule {}
