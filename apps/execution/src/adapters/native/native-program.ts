import type { ProgramVersionV1 } from '@dspy-nest/contracts';
import {
  executedOutputs,
  type Field,
  JsonSchemaError,
  openAiStrictOutputSchema,
  outputJsonSchema,
  type JsonSchema,
} from '@dspy-nest/signature';

const REASONING = 'reasoning';

/** How answers are sampled; what is absent is left to the model server. */
export interface Sampling {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly topP?: number;
}

/** A solved example; its values are those of the fields by name. */
export type Demo = Readonly<Record<string, unknown>>;

/** A program version as it is asked: what it has learned goes before what its signature says. */
export interface NativeProgram {
  readonly instructions: string;
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
  readonly demos: readonly Demo[];
  readonly sampling: Sampling;
  readonly hasStrictOutputs: boolean;
  /** The schema of the answer and whether it keeps to the rules of OpenAI for strict ones. */
  readonly schema: { readonly schema: JsonSchema; readonly strict: boolean };
}

interface SavedPredictor {
  readonly demos: readonly Demo[];
  readonly signature: { readonly instructions: string; readonly fields: readonly { readonly description: string }[] };
  readonly lm: Readonly<Record<string, unknown>> | null;
}

/** Prepares a program version, once for many executions. */
export function nativeProgram(program: ProgramVersionV1): NativeProgram {
  const { signature, module, config } = program;
  const learned = savedPredictor(program);
  const inputs = signature.inputs;
  const outputs = reasoningFirst(executedOutputs(signature, module), module);
  const described = describe([...inputs, ...outputs], learned);
  const answered = described.slice(inputs.length);
  return {
    instructions: learned?.signature.instructions ?? signature.instructions ?? '',
    inputs: described.slice(0, inputs.length),
    outputs: answered,
    demos: learned?.demos ?? [],
    sampling: { ...savedSampling(learned?.lm ?? null), ...configured(config) },
    hasStrictOutputs: config.validation?.outputs === 'strict',
    schema: answerSchema(answered),
  };
}

function savedPredictor({ state, module }: ProgramVersionV1): SavedPredictor | undefined {
  if (state === null) return undefined;
  return (module === 'ChainOfThought' ? state['predict'] : state) as SavedPredictor | undefined;
}

/** The order in which DSPy's ChainOfThought has them. */
function reasoningFirst(outputs: readonly Field[], module: string): Field[] {
  if (module !== 'ChainOfThought') return [...outputs];
  return [...outputs.filter(({ name }) => name === REASONING), ...outputs.filter(({ name }) => name !== REASONING)];
}

function describe(fields: readonly Field[], learned: SavedPredictor | undefined): Field[] {
  return fields.map((field, index) => {
    const said = learned?.signature.fields[index]?.description;
    // DSPy writes this for a field without a description.
    return said === undefined || said === `\${${field.name}}` ? field : { ...field, description: said };
  });
}

function configured({ temperature, maxTokens, topP }: ProgramVersionV1['config']): Sampling {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(topP !== undefined && { topP }),
  };
}

function savedSampling(lm: SavedPredictor['lm']): Sampling {
  const number = (name: string): number | undefined => {
    const value = lm?.[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [temperature, maxTokens, topP] = [number('temperature'), number('max_tokens'), number('top_p')];
  return configured({
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(topP !== undefined && { topP }),
  });
}

function answerSchema(outputs: readonly Field[]): NativeProgram['schema'] {
  try {
    return { schema: openAiStrictOutputSchema({ outputs: [...outputs] }), strict: true };
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    return { schema: outputJsonSchema({ outputs: [...outputs] }), strict: false };
  }
}
