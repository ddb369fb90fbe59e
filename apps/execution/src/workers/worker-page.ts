import { PAGE_LIMIT_DEFAULT, type PageRequest, type WorkerV1 } from '@dspy-nest/contracts';
import { type ConnectionPage } from '@dspy-nest/graphql';
import { badCursor, decodeCursor, encodeCursor } from '@dspy-nest/persistence';
import { ValidationFailedError } from '@dspy-nest/platform';

type WorkerPage = ConnectionPage<WorkerV1> & { readonly nextCursor: string | null };

/**
 * A page of the fleet, which comes oldest first and keeps that order. A cursor is the place of its worker, and holds after that
 * has gone. Throws ValidationFailedError for a filter, a sort, or a cursor of another list.
 */
export function pageOfWorkers(fleet: readonly WorkerV1[], request: PageRequest): WorkerPage {
  refuseChoice(request);
  const { limit = PAGE_LIMIT_DEFAULT, cursor, backwards = false } = request;
  const inOrder = backwards ? fleet.toReversed() : fleet;
  const place = cursor === undefined ? undefined : readCursor(cursor);
  const rest = place === undefined ? inOrder : inOrder.filter((worker) => isBeyond(placeOf(worker), place, backwards));
  const items = rest.slice(0, limit);
  const more = rest.length > limit;
  const nextCursor = more ? encodeCursor([...placeOf(items.at(-1)!)]) : null;
  if (backwards) items.reverse();
  return {
    items,
    cursors: items.map((worker) => encodeCursor([...placeOf(worker)])),
    nextCursor,
    hasNext: backwards ? place !== undefined : more,
    hasPrevious: backwards ? more : place !== undefined,
  };
}

/** When it started, and its id. */
type Place = readonly [string, string];

/** The place of a worker in the fleet. */
export const placeOf = ({ startedAt, id }: WorkerV1): Place => [startedAt, id];

/** Which of two places is first in the fleet: below 0 for the one, above 0 for the other. */
export function comparePlaces([startedAt, id]: Place, [otherStartedAt, otherId]: Place): number {
  return compare(startedAt, otherStartedAt) || compare(id, otherId);
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function isBeyond(one: Place, place: Place, backwards: boolean): boolean {
  const order = comparePlaces(one, place);
  return backwards ? order < 0 : order > 0;
}

function readCursor(cursor: string): Place {
  const [startedAt, id, ...more] = decodeCursor(cursor);
  if (typeof startedAt !== 'string' || typeof id !== 'string' || more.length > 0) throw badCursor();
  return [startedAt, id];
}

function refuseChoice({ filter, sort }: PageRequest): void {
  const errors = [
    ...(filter === undefined ? [] : [refused('filter', 'unknown_filter', 'filtered')]),
    ...(sort === undefined ? [] : [refused('sort', 'unknown_sort', 'sorted')]),
  ];
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
}

function refused(name: string, code: string, what: string): { pointer: string; code: string; message: string } {
  const message = `The list of workers cannot be ${what}: it is the fleet, oldest first. Leave "${name}" out.`;
  return { pointer: `/${name}`, code, message };
}
