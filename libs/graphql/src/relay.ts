import { PAGE_LIMIT_MAX, PageRequest } from '@dspy-nest/contracts';
import { ValidationFailedError, fromZodError } from '@dspy-nest/platform';
import { ArgsType, Directive, Field, Int, ObjectType } from '@nestjs/graphql';

/** Where a page lies in its list. */
@ObjectType()
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => Boolean)
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

/** The arguments of every connection; a resource adds its own `filter`. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, { nullable: true })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;

  @Field(() => Int, { nullable: true })
  last?: number | null;

  @Field(() => String, { nullable: true })
  before?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Fields with commas, the first counts most; "-" in front of one for descending.',
  })
  sort?: string | null;
}

/** A page that knows its place, as a key set list gives it. */
export interface ConnectionPage<T> {
  items: T[];
  /** Of each item. */
  cursors: string[];
  hasNext: boolean;
  hasPrevious: boolean;
}

/** A Relay connection. */
export interface Connection<T> {
  edges: { node: T; cursor: string }[];
  pageInfo: PageInfo;
}

/** The Relay connection of a page. */
export function toConnection<T>({ items, cursors, hasNext, hasPrevious }: ConnectionPage<T>): Connection<T> {
  return {
    edges: items.map((node, index) => ({ node, cursor: cursors[index] ?? '' })),
    pageInfo: {
      hasNextPage: hasNext,
      hasPreviousPage: hasPrevious,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

/** The page that Relay arguments ask for; throws ValidationFailedError when they contradict each other or ask for too much. */
export function pageRequestFrom(args: ConnectionArgs & { filter?: object | null }): PageRequest {
  const { first, after, last, before, sort, filter } = args;
  const backwards = last != null || before != null;
  if (backwards && (first != null || after != null)) {
    throw invalid('first', 'Use "first" and "after", or "last" and "before", not both.');
  }
  const limit = backwards ? last : first;
  const name = backwards ? 'last' : 'first';
  if (limit != null && (limit < 1 || limit > PAGE_LIMIT_MAX)) {
    throw invalid(name, `"${name}" is from 1 to ${PAGE_LIMIT_MAX}.`);
  }
  const cursor = backwards ? before : after;
  const request = { limit, cursor, sort, filter, ...(backwards && { backwards }) };
  const result = PageRequest.safeParse(withoutNulls(request));
  if (result.success) return result.data;
  throw fromZodError(result.error);
}

/** GraphQL's input objects have null where nothing was given. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, member]) => member != null);
  return Object.fromEntries(given.map(([name, member]) => [name, withoutNulls(member)]));
}

function invalid(argument: string, message: string): ValidationFailedError {
  return new ValidationFailedError(message, [{ pointer: `/${argument}`, code: 'invalid_argument', message }]);
}
