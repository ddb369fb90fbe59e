import { Module, type DynamicModule } from '@nestjs/common';
import { BatchesModule } from '../batches/batches.module';
import { BatchUploads } from './batch-uploads.service';
import { ProgramBatchesController } from './program-batches.controller';
import { UPLOAD_LIMITS, type UploadLimits } from './upload-limits';

@Module({})
export class BatchUploadsModule {
  static forRoot(limits: UploadLimits): DynamicModule {
    return {
      module: BatchUploadsModule,
      imports: [BatchesModule],
      controllers: [ProgramBatchesController],
      providers: [BatchUploads, { provide: UPLOAD_LIMITS, useValue: limits }],
    };
  }
}
