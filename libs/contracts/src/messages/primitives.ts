import { z } from 'zod';

/** A UUID (version 7 where the platform makes it). */
export const Uuid = z.string().length(36).meta({ id: 'Uuid', description: 'A UUID in its 36 character form.' });

/** A tenant; `default` while access control is off. */
export const Tenant = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/)
  .meta({ id: 'Tenant' });

/** The name of a program. */
export const ProgramName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .meta({ id: 'ProgramName' });

/** The name of a program or its id, which has the form of a name too but for its first character. */
export const ProgramNameOrId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .meta({ id: 'ProgramNameOrId' });

/** The name of a signature. */
export const SignatureName = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]{0,62}$/)
  .meta({ id: 'SignatureName' });

/** The name of a model. */
export const ModelName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,62}$/)
  .meta({ id: 'ModelName' });

/** The name of a tool that the operator declares. */
export const ToolName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/)
  .meta({ id: 'ToolName' });

/** The last version there can be, as a column has it. */
export const VERSION_MAX = 2_147_483_647;
/** The name of a metric. */
export const MetricName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .meta({ id: 'MetricName' });

/** A version: an integer from 1. */
export const Version = z.int().min(1).max(VERSION_MAX).meta({ id: 'Version' });

/** An instant in ISO 8601, UTC. */
export const Timestamp = z.string().min(20).max(35).meta({ id: 'Timestamp' });

/** A JSON object whose members are nobody's business here. */
export const OpenObject = z.record(z.string(), z.unknown());

/** Where a program runs. */
export const AdapterName = z.enum(['auto', 'python', 'native', 'multi', 'router']).meta({ id: 'AdapterName' });

/** How a model is asked. */
export const FormatName = z.enum(['auto', 'chat', 'json', 'xml', 'completion']).meta({ id: 'FormatName' });

/** The queue an execution waits in: interactive goes before batch. */
export const LaneName = z.enum(['interactive', 'batch']).meta({ id: 'LaneName' });
export type LaneName = z.infer<typeof LaneName>;

/** The DSPy module a program is made of. */
export const ModuleName = z
  .enum(['Predict', 'ChainOfThought', 'Majority', 'MultiChainComparison', 'BestOfN', 'Refine', 'ReAct'])
  .meta({ id: 'ModuleName' });
