import { Module } from '@nestjs/common';
import { ProgramsModule } from '../../programs/programs.module';
import { NativeAdapter } from './native.adapter';
import { NativeLeasesRepository } from './native-leases.repository';

@Module({ imports: [ProgramsModule], providers: [NativeAdapter, NativeLeasesRepository], exports: [NativeAdapter] })
export class NativeModule {}
