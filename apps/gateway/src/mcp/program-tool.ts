import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { executedOutputs, inputJsonSchema, outputJsonSchema, type Field, type JsonSchema } from '@dspy-nest/signature';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

type ToolSchema = Tool['inputSchema'];

/** A program in its published version as a tool. Its name fits: that of a tool may have 64 letters, digits, "-" and "_". */
export function programTool(program: ProgramInterfaceV1): Tool {
  const { name, signature, module } = program;
  const outputs = executedOutputs(signature, module);
  return {
    name,
    description: descriptionOf(program, outputs),
    inputSchema: toolSchema(inputJsonSchema(signature)),
    outputSchema: toolSchema(outputJsonSchema({ outputs })),
  };
}

/** What a model chooses the tool by. */
function descriptionOf({ description, signature }: ProgramInterfaceV1, outputs: readonly Field[]): string {
  const said = [description, signature.instructions].filter((text) => (text ?? '') !== '');
  return said.length > 0 ? said.join('\n\n') : `Gives ${namesOf(outputs)} for ${namesOf(signature.inputs)}.`;
}

const namesOf = (fields: readonly Field[]): string => fields.map(({ name }) => name).join(', ');

/** Without a dialect the protocol has the one that ours are in, and some clients know no other. */
function toolSchema({ $schema: _dialect, ...schema }: JsonSchema): ToolSchema {
  return schema as ToolSchema;
}
