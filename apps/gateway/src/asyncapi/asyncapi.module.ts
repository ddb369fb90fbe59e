import { Module, type DynamicModule } from '@nestjs/common';
import { asyncApiDocument } from './asyncapi-document';
import { ASYNCAPI_DOCUMENT, AsyncApiController } from './asyncapi.controller';

@Module({})
export class AsyncApiModule {
  static forRoot({ natsUrl }: { natsUrl: string }): DynamicModule {
    const document = { provide: ASYNCAPI_DOCUMENT, useFactory: () => asyncApiDocument(new URL(natsUrl)) };
    return { module: AsyncApiModule, controllers: [AsyncApiController], providers: [document] };
  }
}
