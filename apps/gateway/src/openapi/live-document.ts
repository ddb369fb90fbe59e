import { createHash } from 'node:crypto';
import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { programOperation } from './program-operation';
import type { RoutesDocument } from './routes-document';

/** A document as it is sent. */
export interface DocumentText {
  readonly body: Buffer;
  readonly tag: string;
}

interface Part {
  readonly path: string;
  readonly schemas: string;
}

/**
 * The routes of the gateway with an operation for each program. The part of a version is written once: after a change, what is
 * written anew is what changed, and the rest is put together as text.
 */
export class LiveDocument {
  private readonly routes: Record<'head' | 'paths' | 'components' | 'schemas', string>;
  private parts = new Map<string, Part>();

  constructor(
    private readonly shared: RoutesDocument['execute'],
    { paths, components: { schemas, ...components } = {}, ...head }: RoutesDocument['document'],
    private readonly origin: string,
  ) {
    this.routes = {
      head: members(head),
      paths: members(paths),
      components: members(components),
      schemas: members(schemas ?? {}),
    };
  }

  /** The document with these programs; the same programs give the same text, whatever their order. */
  with(programs: Iterable<ProgramInterfaceV1>): DocumentText {
    const sorted = [...programs].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    this.parts = new Map(sorted.map((program) => [keyOf(program), this.partOf(program)]));
    const { head, ...routes } = this.routes;
    const parts = [...this.parts.values()];
    const paths = [routes.paths, ...parts.map(({ path }) => path)].join();
    const schemas = [routes.schemas, ...parts.map((part) => part.schemas)].join();
    const body = Buffer.from(`{${head},"paths":{${paths}},"components":{${routes.components},"schemas":{${schemas}}}}`);
    return { body, tag: createHash('sha256').update(body).digest('base64url') };
  }

  private partOf(program: ProgramInterfaceV1): Part {
    const known = this.parts.get(keyOf(program));
    if (known !== undefined) return known;
    const { path, item, schemas } = programOperation(program, this.shared, this.origin);
    return { path: members({ [path]: item }), schemas: members(schemas) };
  }
}

const keyOf = ({ programId, version }: ProgramInterfaceV1): string => `${programId}/${version}`;

/** The members of an object as JSON, without the braces. */
function members(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}
