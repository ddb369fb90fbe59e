import { newContext, type RequestContext } from '@dspy-nest/platform';
import { RequestLoader } from './request-loader';

interface Thing {
  id: string;
  tenant: string;
}

function loaderOf(known: string[]): { loader: RequestLoader<{ id: string }, Thing>; fetches: string[][] } {
  const fetches: string[][] = [];
  const fetch = async ({ tenant }: RequestContext, refs: { id: string }[]): Promise<Thing[]> => {
    fetches.push(refs.map(({ id }) => id));
    return refs.filter(({ id }) => known.includes(id)).map(({ id }) => ({ id, tenant }));
  };
  return { loader: new RequestLoader(fetch, ({ id }: { id: string }) => id), fetches };
}

describe('RequestLoader', () => {
  it('asks once for all that one request wants at once, and once for each', async () => {
    const { loader, fetches } = loaderOf(['a', 'b']);
    const ctx = newContext();
    const found = await Promise.all(['b', 'a', 'b', 'x'].map((id) => loader.load(ctx, { id })));
    expect(found.map((thing) => thing?.id ?? null)).toEqual(['b', 'a', 'b', null]);
    expect(fetches).toEqual([['b', 'a', 'x']]);
  });

  it('keeps requests, and so tenants, apart', async () => {
    const { loader, fetches } = loaderOf(['a']);
    const found = await Promise.all(['one', 'two'].map((tenant) => loader.load(newContext(tenant), { id: 'a' })));
    expect(found.map((thing) => thing?.tenant)).toEqual(['one', 'two']);
    expect(fetches).toHaveLength(2);
  });

  it('asks anew for a later level of the same request', async () => {
    const { loader, fetches } = loaderOf(['a']);
    const ctx = newContext();
    await loader.load(ctx, { id: 'a' });
    await loader.load(ctx, { id: 'a' });
    expect(fetches).toHaveLength(2);
  });

  it('fails all who wait, and not those who ask later', async () => {
    let failing = true;
    const loader = new RequestLoader(
      async (_ctx: RequestContext, refs: { id: string }[]) => {
        if (failing) throw new Error('gone');
        return refs;
      },
      ({ id }: { id: string }) => id,
    );
    const ctx = newContext();
    const results = await Promise.allSettled([loader.load(ctx, { id: 'a' }), loader.load(ctx, { id: 'b' })]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    await expect(loader.load(ctx, { id: 'a' })).resolves.toEqual({ id: 'a' });
  });
});
