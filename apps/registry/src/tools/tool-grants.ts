import { readFileSync } from 'node:fs';
import { ToolName } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { z } from 'zod';

/** Of the operator's file of tools, what says who may name them; the rest is the workers' to read. */
const ToolsFile = z.looseObject({
  tools: z.array(z.looseObject({ name: ToolName, programs: z.array(z.string()).min(1).optional() })).max(200),
});

/** The programs that may name a tool, by its name; undefined for all. */
export type ToolGrants = ReadonlyMap<string, readonly string[] | undefined>;

/** Reads the operator's file. Throws SyntaxError, ZodError, and what reading a file throws. */
export function readToolGrants(path: string): ToolGrants {
  const { tools } = ToolsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return new Map(tools.map(({ name, programs }) => [name, programs]));
}

/** Throws ValidationFailedError when a program names a tool that it was not granted. */
export function checkToolGrants(grants: ToolGrants, program: string, tools: readonly string[] = []): void {
  const granted = [...grants].filter(([, programs]) => programs?.includes(program) ?? true).map(([name]) => name);
  const hint =
    granted.length > 0
      ? `There are ${granted.map((name) => `"${name}"`).join(', ')}.`
      : 'Have the operator declare it in DSPY_NEST_TOOLS_FILE.';
  const refusals = tools.flatMap((name, index) =>
    granted.includes(name)
      ? []
      : [
          {
            pointer: `/config/tools/${index}`,
            code: 'tool_not_granted',
            message: `There is no tool "${name}" that the operator has granted to program "${program}".`,
            hint,
          },
        ],
  );
  if (refusals.length > 0) throw new ValidationFailedError('The program names tools that it may not call.', refusals);
}
