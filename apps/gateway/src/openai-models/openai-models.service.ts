import { PAGE_LIMIT_MAX, type Page, type ProgramInterfaceV1, type ProgramV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { ProgramCatalog } from '@dspy-nest/programs';
import { Injectable } from '@nestjs/common';
import { ImpossibleNameError } from '../input/path-names';
import { ProgramsClient } from '../programs/programs.client';
import { versionedName, type ModelName } from './model-name';
import { publishedModel, versionModel, type OpenAiModel, type OpenAiModelList } from './openai-model';

/** What a caller has to know of a program to ask it. */
export type AskedProgram = Pick<ProgramInterfaceV1, 'name' | 'version' | 'signature'>;

/** Programs as models of the OpenAI route. */
@Injectable()
export class OpenAiModels {
  constructor(
    private readonly programs: ProgramsClient,
    private readonly catalog: ProgramCatalog,
  ) {}

  /** Every program, by its name and by that of its published version. */
  async list(ctx: RequestContext): Promise<OpenAiModelList> {
    const data: OpenAiModel[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<ProgramV1> = await this.programs.list(ctx, { sort: 'name', limit: PAGE_LIMIT_MAX, cursor });
      data.push(...page.items.flatMap((program) => [publishedModel(program), versionModel(program)]));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return { object: 'list', data };
  }

  /** One model. Throws what reading its program throws. */
  async get(ctx: RequestContext, { program, version }: ModelName): Promise<OpenAiModel> {
    if (version === undefined) return publishedModel(await this.programs.get(ctx, program));
    const { items } = await this.programs.versions(ctx, program, { filter: { version: { eq: version } } });
    if (items[0] !== undefined) return versionModel(items[0]);
    const message = `There is no model "${versionedName(program, version)}": the program has no such version.`;
    throw new ImpossibleNameError('program_version_not_found', message);
  }

  /** What a model takes and gives; only versions that are not published any more, and news, have to be asked for. */
  async asked(ctx: RequestContext, { program, version }: ModelName): Promise<AskedProgram> {
    for (const known of this.catalog.of(ctx.tenant)) {
      if (known.name === program && known.version === (version ?? known.version)) return known;
    }
    return this.programs.resolve(ctx, program, version);
  }
}
