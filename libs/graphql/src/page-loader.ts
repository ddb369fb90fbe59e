import type { PageRequest } from '@dspy-nest/contracts';
import { type RequestContext } from '@dspy-nest/platform';
import type { ConnectionPage } from './relay';
import { RequestLoader } from './request-loader';

interface PageRef<Parent> {
  readonly parent: Parent;
  readonly request: PageRequest;
}

interface FoundPage<Parent, Item> extends PageRef<Parent> {
  readonly page: ConnectionPage<Item>;
}

/** Reads the pages of all parents that ask for the same in one GraphQL request at once, by the ids of the parents. */
export class PageLoader<Parent extends { readonly id: string }, Item> {
  private readonly pages: RequestLoader<PageRef<Parent>, FoundPage<Parent, Item>>;

  constructor(
    private readonly fetch: (
      ctx: RequestContext,
      parents: Parent[],
      request: PageRequest,
    ) => Promise<ReadonlyMap<string, ConnectionPage<Item>>>,
  ) {
    this.pages = new RequestLoader((ctx, refs: PageRef<Parent>[]) => this.fetchAll(ctx, refs), keyOf);
  }

  /** The page. Rejects as the fetch does, and when that gives no page of the parent. */
  async load(ctx: RequestContext, parent: Parent, request: PageRequest): Promise<ConnectionPage<Item>> {
    const found = await this.pages.load(ctx, { parent, request });
    if (found === null) throw new RangeError(`No page was read of ${parent.id}.`);
    return found.page;
  }

  private async fetchAll(ctx: RequestContext, refs: PageRef<Parent>[]): Promise<FoundPage<Parent, Item>[]> {
    // Fields of other names may ask for other pages of the same parents.
    const groups = Map.groupBy(refs, ({ request }) => JSON.stringify(request)).values();
    const found = await Promise.all([...groups].map((group) => this.fetchGroup(ctx, group)));
    return found.flat();
  }

  private async fetchGroup(ctx: RequestContext, refs: PageRef<Parent>[]): Promise<FoundPage<Parent, Item>[]> {
    const parents = refs.map(({ parent }) => parent);
    const pages = await this.fetch(ctx, parents, refs[0]!.request);
    return refs.flatMap((ref) => {
      const page = pages.get(ref.parent.id);
      return page === undefined ? [] : [{ ...ref, page }];
    });
  }
}

function keyOf<Parent extends { readonly id: string }>({ parent, request }: PageRef<Parent>): string {
  return `${parent.id} ${JSON.stringify(request)}`;
}
