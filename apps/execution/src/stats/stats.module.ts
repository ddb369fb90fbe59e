import { Module } from '@nestjs/common';
import { StatsHandler } from './stats.handler';
import { StatsRepository } from './stats.repository';
import { StatsResolver } from './stats.resolver';
import { StatsService } from './stats.service';

@Module({ controllers: [StatsHandler], providers: [StatsService, StatsRepository, StatsResolver] })
export class StatsModule {}
