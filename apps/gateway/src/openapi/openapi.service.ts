import { ProgramCatalog } from '@dspy-nest/programs';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LiveDocument, type DocumentText } from './live-document';
import type { RoutesDocument } from './routes-document';

/** `/openapi.json` of each tenant: put together when it is asked for after a change of programs, and kept until the next. */
@Injectable()
export class OpenApiService implements OnModuleDestroy {
  private readonly documents = new Map<string, LiveDocument>();
  private readonly texts = new Map<string, DocumentText>();
  private readonly unsubscribe: () => void;
  private describe: (() => LiveDocument) | undefined;

  constructor(private readonly catalog: ProgramCatalog) {
    this.unsubscribe = catalog.onChange((tenant) => this.texts.delete(tenant));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** Says how the routes are described: only the whole application knows, and only once it listens where. */
  describeBy(routes: () => RoutesDocument, origin: () => string): void {
    this.describe = () => {
      const { execute, document } = routes();
      return new LiveDocument(execute, document, origin());
    };
  }

  /** The document with the programs of a tenant as they are now. */
  of(tenant: string): DocumentText {
    const known = this.texts.get(tenant);
    if (known !== undefined) return known;
    const text = this.documentOf(tenant).with(this.catalog.of(tenant));
    this.texts.set(tenant, text);
    return text;
  }

  private documentOf(tenant: string): LiveDocument {
    const known = this.documents.get(tenant);
    if (known !== undefined) return known;
    if (this.describe === undefined) throw new Error('The routes have not been described.');
    const document = this.describe();
    this.documents.set(tenant, document);
    return document;
  }
}
