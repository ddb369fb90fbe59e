import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { ProgramCatalog } from '@dspy-nest/programs';
import { ErrorCode, McpError, type ListToolsResult, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { programTool } from './program-tool';

/** Tools that a page has: with their schemas, some hundred kilobytes. */
export const TOOLS_A_PAGE = 100;

/** The published programs of each tenant as tools, by name, in pages. */
@Injectable()
export class ToolPages implements OnModuleDestroy {
  private readonly sorted = new Map<string, readonly ProgramInterfaceV1[]>();
  private readonly tools = new WeakMap<ProgramInterfaceV1, Tool>();
  private readonly unsubscribe: () => void;

  constructor(private readonly catalog: ProgramCatalog) {
    this.unsubscribe = catalog.onChange((tenant) => this.sorted.delete(tenant));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** The tools after a cursor. Throws McpError for one that no page gave, and ServiceUnavailableError before any are known. */
  page(tenant: string, cursor?: string): ListToolsResult {
    const after = cursor === undefined ? '' : readCursor(cursor);
    const programs = this.programsOf(tenant);
    const first = programs.findIndex(({ name }) => name > after);
    if (first < 0) return { tools: [] };
    const shown = programs.slice(first, first + TOOLS_A_PAGE);
    const tools = shown.map((program) => this.toolOf(program));
    const isLast = first + TOOLS_A_PAGE >= programs.length;
    return isLast ? { tools } : { tools, nextCursor: toCursor(shown.at(-1)!.name) };
  }

  private programsOf(tenant: string): readonly ProgramInterfaceV1[] {
    const known = this.sorted.get(tenant);
    if (known !== undefined) return known;
    const programs = [...this.catalog.of(tenant)].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    if (!this.catalog.knows(tenant)) {
      const message = 'The programs have not been read yet. Ask again in a moment.';
      throw new ServiceUnavailableError(message, { details: { retryAfterS: 1 } });
    }
    this.sorted.set(tenant, programs);
    return programs;
  }

  private toolOf(program: ProgramInterfaceV1): Tool {
    const tool = this.tools.get(program) ?? programTool(program);
    this.tools.set(program, tool);
    return tool;
  }
}

const toCursor = (name: string): string => Buffer.from(name).toString('base64url');

function readCursor(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (/^[a-z][a-z0-9-]{0,62}$/.test(name)) return name;
  throw new McpError(ErrorCode.InvalidParams, 'The cursor is none that a page of tools gave as its nextCursor.');
}
