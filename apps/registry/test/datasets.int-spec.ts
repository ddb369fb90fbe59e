import {
  DatasetDiffV1,
  DatasetLeakageV1,
  DatasetV1,
  ExamplesAppendedV1,
  ExamplesPreviewedV1,
  ExamplesV1,
  REQUESTS,
  type ExampleV1,
  type Page,
} from '@dspy-nest/contracts';
import { newContext, uuidv7, type RequestContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { DatasetImportsService } from '../src/dataset-imports/dataset-imports.service';
import { RegistryUnderTest } from './registry-under-test';
import { isFair, labelled, splitsByTicket, stratifiedBy } from './stratified-rows';

describe('datasets', () => {
  let registry: RegistryUnderTest;
  const create = (name: string): Promise<DatasetV1> =>
    registry.ask(REQUESTS.datasetCreate, { name, signature: 'RouteTicket' });
  const append = (name: string, tickets: readonly string[], more: object = {}): Promise<ExamplesAppendedV1> =>
    registry.ask(REQUESTS.datasetAppend, { name, rows: tickets.map(toRow), ...more });
  const toRow = (ticket: string) => ({ inputs: { ticket }, outputs: { team: 'billing' } });
  const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `Ticket ${from + index}`);

  /** All examples, page by page. */
  async function readAll(message: object): Promise<ExampleV1[]> {
    const items: ExampleV1[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: ExamplesV1 = await registry.ask(REQUESTS.datasetExamples, { ...message, after, limit: 30 });
      expect(ExamplesV1.parse(page)).toEqual(page);
      items.push(...page.items);
      after = page.nextAfter;
    }
    return items;
  }

  beforeAll(async () => {
    registry = await RegistryUnderTest.start();
    const definition = 'ticket: string -> team: enum["billing", "shipping"]';
    await registry.ask(REQUESTS.signatureCreate, { name: 'RouteTicket', definition });
  });
  afterAll(() => registry.stop());

  it('is made without examples and keeps its signature', async () => {
    const dataset = await create('kept');
    expect(DatasetV1.parse(dataset)).toEqual(dataset);
    expect(dataset).toMatchObject({ version: 1, signature: 'RouteTicket', examples: { total: 0 } });
    expect(await registry.ask(REQUESTS.datasetGet, { name: dataset.id })).toEqual(dataset);
    expect(await registry.refusal(REQUESTS.datasetCreate, { name: 'kept', signature: 'RouteTicket' })).toMatchObject({
      code: 'name_conflict',
    });
  });

  it('adds what is not there yet, as a version that never changes', async () => {
    const empty = await create('growing');
    const second = await append('growing', [...numbered(90), 'Ticket 3']);
    expect(ExamplesAppendedV1.parse(second)).toEqual(second);
    expect(second).toMatchObject({ version: 2, examples: { total: 90 }, report: { added: 90, duplicates: 1 } });
    const before = await readAll({ name: 'growing', version: 2 });
    const third = await append('growing', numbered(90, 60));
    expect(third).toMatchObject({ version: 3, examples: { total: 150 }, report: { added: 60, duplicates: 30 } });
    expect(await append('growing', numbered(150))).toMatchObject({ version: 3, hash: third.hash });

    expect(await readAll({ name: 'growing', version: 2 })).toEqual(before);
    const all = await readAll({ name: 'growing' });
    expect(all.slice(0, 90)).toEqual(before);
    expect(new Set(all.map(({ id }) => id)).size).toBe(150);
    const splits = await Promise.all(
      (['train', 'validation', 'test'] as const).map((split) => readAll({ name: 'growing', split })),
    );
    const { total: _, ...counts } = third.examples;
    expect(splits.map((examples) => examples.length)).toEqual(Object.values(counts));
    expect(
      splits
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(all.map(({ id }) => id).sort());

    const versions = await registry.ask<Page<DatasetV1>>(REQUESTS.datasetVersions, { name: 'growing' });
    expect(versions.items.map(({ version, hash }) => [version, hash])).toEqual([
      [3, third.hash],
      [2, second.hash],
      [1, empty.hash],
    ]);
    expect(await registry.refusal(REQUESTS.datasetGet, { name: 'growing', version: 9 })).toMatchObject({
      code: 'dataset_not_found',
    });
    await expect(registry.query(`UPDATE registry.dataset_examples SET split = 'test'`)).rejects.toThrow('immutable');
  });

  it('refuses all for one bad row, or leaves it out, as asked', async () => {
    await create('strict');
    const rows = [toRow('a'), { inputs: { ticket: 'b' }, outputs: { team: 'sales' } }];
    const refusal = await registry.refusal(REQUESTS.datasetAppend, { name: 'strict', rows });
    expect(refusal).toMatchObject({
      code: 'invalid_examples',
      details: { errors: [{ pointer: '/examples/1/outputs/team', code: 'invalid_value' }] },
    });
    expect(await registry.ask(REQUESTS.datasetGet, { name: 'strict' })).toMatchObject({ version: 1 });
    const message = { name: 'strict', rows, onInvalid: 'skip' };
    expect(await registry.ask(REQUESTS.datasetAppend, { ...message, dryRun: true })).toMatchObject({
      version: 1,
      report: { added: 1, invalid: 1 },
    });
    expect(await registry.ask(REQUESTS.datasetAppend, message)).toMatchObject({
      version: 2,
      report: { received: 2, added: 1, invalid: 1, errors: [{ row: 1, value: '"sales"' }] },
    });
  });

  it('loses nothing of what is added at once, and adds once for a key', async () => {
    await create('shared');
    await Promise.all([0, 1, 2, 3].map((part) => append('shared', numbered(20, part * 20))));
    expect(await registry.ask(REQUESTS.datasetGet, { name: 'shared' })).toMatchObject({
      version: 5,
      examples: { total: 80 },
    });
    const ctx = { ...newContext(), idempotencyKey: 'once' };
    const message = { name: 'shared', rows: [toRow('new')] };
    const first = await registry.ask(REQUESTS.datasetAppend, message, ctx);
    expect(await registry.ask(REQUESTS.datasetAppend, message, ctx)).toEqual(first);
    expect(await registry.refusal(REQUESTS.datasetAppend, { ...message, ifMatch: ['x.1'] })).toMatchObject({
      code: 'version_conflict',
    });
  });

  describe('import of a file', () => {
    const begin = async (name: string, more: object = {}): Promise<string> => {
      const id = uuidv7();
      await registry.ask(REQUESTS.datasetImportCreate, { id, name, ...more });
      return id;
    };
    const bring = (id: string, first: number, rows: readonly object[], more: object = {}) =>
      registry.ask(REQUESTS.datasetImportAppend, { id, first, rows, ...more });
    const close = (id: string, rows: number, ctx?: RequestContext): Promise<ExamplesAppendedV1> =>
      registry.ask(REQUESTS.datasetImportClose, { id, rows, digest: 'd' }, ctx);
    const bad = { inputs: { ticket: 'b' }, outputs: { team: 'sales' }, line: 9 };

    it('is one version in the end, the same as if it had come otherwise, and nobody sees it before', async () => {
      const tickets = [...numbered(50), 'Ticket 3'];
      await create('plain');
      const { hash } = await append('plain', tickets);
      await create('filed');
      const id = await begin('filed');
      await bring(id, 0, tickets.slice(20).map(toRow));
      await bring(id, 0, tickets.slice(20).map(toRow));
      expect(await readAll({ name: 'filed' })).toEqual([]);
      expect(await registry.refusal(REQUESTS.datasetImportCreate, { id: uuidv7(), name: 'filed' })).toMatchObject({
        code: 'import_in_progress',
      });
      expect(await registry.refusal(REQUESTS.datasetAppend, { name: 'filed', rows: [toRow('a')] })).toMatchObject({
        code: 'import_in_progress',
      });
      await bring(id, 31, tickets.slice(0, 20).map(toRow));
      const done = await close(id, 51);
      expect(ExamplesAppendedV1.parse(done)).toEqual(done);
      expect(done).toMatchObject({ version: 2, hash, report: { received: 51, added: 50, duplicates: 1, invalid: 0 } });
      expect(await readAll({ name: 'filed' })).toHaveLength(50);
      const third = await append('filed', ['new']);
      expect(third).toMatchObject({ version: 3, examples: { total: 51 } });
    });

    it('keeps good rows or nothing, as asked, and tells what is wrong by row, line and column', async () => {
      await create('choosy');
      const columns = { '/outputs/team': 'Team' };
      const skip = await begin('choosy', { onInvalid: 'skip', dryRun: true });
      await bring(skip, 0, [toRow('a')]);
      await bring(skip, 1, [bad, toRow('a')], { columns });
      expect(await close(skip, 3)).toMatchObject({
        version: 1,
        report: { received: 3, added: 1, duplicates: 1, invalid: 1, errors: [{ row: 1, line: 9, column: 'Team' }] },
      });
      const refuse = await begin('choosy');
      await bring(refuse, 0, [toRow('a')]);
      await bring(refuse, 1, [bad, toRow('c')]);
      await expect(close(refuse, 3)).rejects.toMatchObject({ code: 'invalid_examples', details: { invalid: 1 } });
      await registry.ask(REQUESTS.datasetImportAbort, { id: refuse });
      expect(await append('choosy', ['a', 'c'])).toMatchObject({ version: 2, report: { added: 2 } });
    });

    it('is once for a key, and lost when rows are missing', async () => {
      await create('keyed');
      const ctx = { ...newContext(), idempotencyKey: 'file' };
      const first = await begin('keyed');
      await bring(first, 0, [toRow('a')]);
      await expect(bring(first, 2, [toRow('b')])).rejects.toMatchObject({ code: 'import_lost' });
      await expect(close(first, 2)).rejects.toMatchObject({ code: 'import_lost' });
      const made = await close(first, 1, ctx);
      await append('keyed', ['b']);
      const again = await begin('keyed');
      await bring(again, 0, [toRow('c')]);
      expect(await close(again, 1, ctx)).toEqual(made);
      await expect(close(again, 1)).rejects.toMatchObject({ code: 'import_lost' });
      expect(await readAll({ name: 'keyed' })).toHaveLength(2);
    });

    it('is given up when no rows came for long, so that others may add', async () => {
      await create('abandoned');
      const id = await begin('abandoned');
      await bring(id, 0, numbered(3).map(toRow));
      const imports = (await registry.addReplica()).get(DatasetImportsService, { strict: false });
      await imports.giveUpAbandoned(new Date(Date.now() - 60_000));
      await bring(id, 3, [toRow('Ticket 3')]);
      await imports.giveUpAbandoned(new Date(Date.now() + 60_000));
      await expect(close(id, 4)).rejects.toMatchObject({ code: 'import_lost' });
      expect(await append('abandoned', ['Ticket 1'])).toMatchObject({ version: 2, report: { added: 1 } });
    });

    it('shows rows as the examples they would be', async () => {
      const rows = [
        toRow('a'),
        bad,
        { error: { code: 'malformed_request', message: 'No.', retryable: false, details: {} }, line: 3 },
      ];
      const shown = await registry.ask<ExamplesPreviewedV1>(REQUESTS.datasetPreview, { name: 'keyed', rows });
      expect(ExamplesPreviewedV1.parse(shown)).toEqual(shown);
      expect(shown.items).toMatchObject([
        { row: 0, example: { inputs: { ticket: 'a' }, outputs: { team: 'billing' } }, errors: [] },
        { row: 1, line: 9, example: null, errors: [{ pointer: '/outputs/team', value: '"sales"' }] },
        { row: 2, line: 3, example: null, errors: [{ pointer: '', code: 'malformed_request' }] },
      ]);
    });
  });

  describe('stratified', () => {
    const make = (name: string, seed: number): Promise<DatasetV1> =>
      registry.ask(REQUESTS.datasetCreate, { name, signature: 'RouteTicket', splits: stratifiedBy('team', seed) });
    const add = (name: string, rows: readonly object[]): Promise<ExamplesAppendedV1> =>
      registry.ask(REQUESTS.datasetAppend, { name, rows });
    const splitsOf = async (name: string) =>
      new Map((await readAll({ name })).map(({ id, split }): [string, string] => [id, split]));

    it('has its share of each value in each split, whatever order and pieces rows come in, by seed', async () => {
      await make('layered', 7);
      const rows = labelled(numbered(150));
      const made = await add('layered', rows);
      expect(ExamplesAppendedV1.parse(made)).toEqual(made);
      expect(isFair(made)).toBe(true);
      expect(made.strata).toMatchObject([
        { value: 'billing', total: 112 },
        { value: 'shipping', total: 38 },
      ]);
      const { total, train, validation, test } = made.examples;
      expect(train + validation + test).toBe(total);
      expect(await readAll({ name: 'layered', split: 'test' })).toHaveLength(test);

      await make('layered-file', 7);
      const id = uuidv7();
      await registry.ask(REQUESTS.datasetImportCreate, { id, name: 'layered-file' });
      const turned = rows.toReversed();
      await registry.ask(REQUESTS.datasetImportAppend, { id, first: 0, rows: turned.slice(0, 60) });
      await registry.ask(REQUESTS.datasetImportAppend, { id, first: 60, rows: turned.slice(60) });
      const filed = await registry.ask<DatasetV1>(REQUESTS.datasetImportClose, { id, rows: 150, digest: 'd' });
      expect([filed.hash, filed.strata, filed.examples]).toEqual([made.hash, made.strata, made.examples]);

      await make('layered-else', 8);
      const other = await add('layered-else', rows);
      expect(other.strata).toMatchObject([{ total: 112 }, { total: 38 }]);
      expect(other.hash).not.toBe(made.hash);
    });

    it('never moves an example, and fills what is furthest behind', async () => {
      await make('sticky', 3);
      await add('sticky', labelled(numbered(41)));
      let before = await splitsOf('sticky');
      for (const count of [1, 7, 30]) {
        const grown = await add('sticky', labelled(numbered(count, 1_000 * count)));
        expect(isFair(grown)).toBe(true);
        const now = await splitsOf('sticky');
        expect(now.size).toBe(before.size + count);
        expect([...before].filter(([id, split]) => now.get(id) !== split)).toEqual([]);
        before = now;
      }
      expect(await add('sticky', labelled(numbered(41)))).toMatchObject({ version: 5, report: { added: 0 } });
      await expect(registry.query(`UPDATE registry.dataset_examples SET split = 'test'`)).rejects.toThrow('immutable');
    });

    it('keeps the same inputs in one split, within an addition, over pieces and versions', async () => {
      await make('repeated', 5);
      const tickets = numbered(40);
      const answered = (team: string | undefined, some = tickets) =>
        some.map((ticket) => ({ inputs: { ticket }, outputs: team === undefined ? {} : { team } }));
      await add('repeated', [...answered('billing', tickets.slice(0, 20)), ...answered('shipping', tickets.slice(10))]);
      const id = uuidv7();
      await registry.ask(REQUESTS.datasetImportCreate, { id, name: 'repeated' });
      await registry.ask(REQUESTS.datasetImportAppend, { id, first: 0, rows: answered('shipping', numbered(30, 100)) });
      await registry.ask(REQUESTS.datasetImportAppend, { id, first: 30, rows: answered('billing', numbered(30, 100)) });
      await registry.ask(REQUESTS.datasetImportClose, { id, rows: 60, digest: 'd' });
      const made = await add('repeated', [...answered(undefined), ...answered('billing')]);
      expect(made.strata!.map(({ value }) => value)).toEqual(['billing', 'shipping', null]);

      const all = await readAll({ name: 'repeated' });
      const splits = splitsByTicket(all);
      expect(splits.size).toBe(70);
      expect([...splits.values()].filter(({ size }) => size > 1)).toEqual([]);
      expect(made.strata!.reduce((sum, { total }) => sum + total, 0)).toBe(all.length);
    });

    it('takes a split that is named, also for the same inputs', async () => {
      await make('told', 1);
      const row = (team: string) => ({ inputs: { ticket: 'a' }, outputs: { team } });
      const rows = [row('billing'), { ...row('shipping'), split: 'test' }];
      expect(await add('told', rows)).toMatchObject({ examples: { total: 2, test: 2 } });
      const ask = { name: 'told', rows: [row('billing')] };
      expect(await registry.ask(REQUESTS.datasetPreview, ask)).toMatchObject({ items: [{ example: { split: null } }] });
    });

    it('is refused by a field that is no output with few values, or has many', async () => {
      const odd = { name: 'odd', signature: 'RouteTicket', splits: stratifiedBy('ticket', 1) };
      expect(await registry.refusal(REQUESTS.datasetCreate, odd)).toMatchObject({
        code: 'validation_failed',
        details: { errors: [{ pointer: '/splits/stratifyBy', code: 'not_stratifiable' }] },
      });
      const definition = 'question: string -> answer: string';
      await registry.ask(REQUESTS.signatureCreate, { name: 'Answer', definition });
      const many = { name: 'many', signature: 'Answer', splits: stratifiedBy('answer', 1) };
      await registry.ask(REQUESTS.datasetCreate, many);
      const row = (answer: string) => ({ inputs: { question: answer }, outputs: { answer } });
      const rows = Array.from({ length: 101 }, (_, index) => row(`${index}`));
      for (const dryRun of [true, false]) {
        expect(await registry.refusal(REQUESTS.datasetAppend, { name: 'many', rows, dryRun })).toMatchObject({
          details: { errors: [{ code: 'too_many_strata' }] },
        });
      }
      const id = uuidv7();
      await registry.ask(REQUESTS.datasetImportCreate, { id, name: 'many' });
      await registry.ask(REQUESTS.datasetImportAppend, { id, first: 0, rows: rows.slice(0, 60) });
      expect(
        await registry.refusal(REQUESTS.datasetImportAppend, { id, first: 60, rows: rows.slice(60) }),
      ).toMatchObject({ code: 'validation_failed' });
      await registry.ask(REQUESTS.datasetImportAbort, { id });
      const long = { name: 'many', rows: [row('x'.repeat(99)), row('\ud83d\ude00')], onInvalid: 'skip' };
      expect(await registry.ask(REQUESTS.datasetAppend, long)).toMatchObject({
        strata: [{ value: '\ud83d\ude00', total: 1 }],
        report: { added: 1, errors: [{ pointer: '/outputs/answer', code: 'stratum_too_long' }] },
      });
    });
  });

  it('tells what a version has that an earlier one has not', async () => {
    await create('compared');
    await append('compared', ['a', 'b']);
    const corrected = { inputs: { ticket: 'a' }, outputs: { team: 'shipping' } };
    await registry.ask(REQUESTS.datasetAppend, { name: 'compared', rows: [toRow('c'), corrected] });
    const diff = await registry.ask<DatasetDiffV1>(REQUESTS.datasetDiff, { name: 'compared', from: 2, to: 3 });
    expect(DatasetDiffV1.parse(diff)).toEqual(diff);
    expect(diff).toMatchObject({ identical: false, added: { total: 2 }, answeredAnew: 1 });
    const [first] = await readAll({ name: 'compared', version: 2 });
    expect(diff.items).toMatchObject([
      { example: corrected, sameInputsAs: first!.id },
      { example: { inputs: { ticket: 'c' } }, sameInputsAs: null },
    ]);
    const none = await registry.ask<DatasetDiffV1>(REQUESTS.datasetDiff, { name: 'compared', from: 3, to: 3 });
    expect(none).toMatchObject({ identical: true, added: { total: 0 }, answeredAnew: 0, items: [] });
    expect(await registry.refusal(REQUESTS.datasetDiff, { name: 'compared', from: 3, to: 2 })).toMatchObject({
      code: 'validation_failed',
    });
  });

  it('finds what is nearly the same in another split', async () => {
    await create('leaking');
    const text = 'The parcel with my new shoes was left in the rain before the door';
    const rows = [
      { ...toRow(`${text}.`), split: 'train' },
      { ...toRow(`${text}!!`), split: 'test' },
      { ...toRow('Where can I see my invoices of last year?'), split: 'test' },
    ];
    await registry.ask(REQUESTS.datasetAppend, { name: 'leaking', rows });
    const found = await registry.ask<DatasetLeakageV1>(REQUESTS.datasetLeakage, { name: 'leaking' });
    expect(DatasetLeakageV1.parse(found)).toEqual(found);
    expect(found).toMatchObject({ total: 3, checked: 3, examples: { total: 2, train: 1, validation: 0, test: 1 } });
    expect(found.items.map(({ examples }) => examples.map(({ number }) => number).sort())).toEqual([[1, 2]]);
  });

  it('is of one tenant, and goes with its examples', async () => {
    const { id } = await create('gone');
    await append('gone', ['a']);
    const other = { ...newContext(), tenant: 'other' };
    expect(await registry.refusal(REQUESTS.datasetGet, { name: 'gone' }, other)).toMatchObject({
      code: 'dataset_not_found',
    });
    await registry.ask(REQUESTS.datasetDelete, { name: 'gone' });
    expect(await registry.refusal(REQUESTS.datasetExamples, { name: id })).toMatchObject({ code: 'dataset_not_found' });
    expect(await registry.query('SELECT 1 FROM registry.dataset_examples WHERE dataset_id = $1', [id])).toEqual([]);
    const page = await registry.ask<Page<DatasetV1>>(REQUESTS.datasetList, { filter: { name: { eq: 'kept' } } });
    expect(page.items.map(({ name }) => name)).toEqual(['kept']);
    await eventually(async () => {
      const events = (await registry.events()).filter(({ event }) => event.data.id === id);
      expect(events.map(({ event }) => event.type)).toEqual([
        'registry.dataset.created.v1',
        'registry.dataset.updated.v1',
        'registry.dataset.deleted.v1',
      ]);
    });
  });
});
