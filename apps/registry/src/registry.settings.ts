import { modelNetworks, serviceEnvironment } from '@dspy-nest/platform';
import { z } from 'zod';
import { readToolGrants } from './tools/tool-grants';

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
const toolsFile = z.string().transform((path, issues) => {
  try {
    return readToolGrants(path);
  } catch (error) {
    const message = `must be a file of JSON with the tools that programs may name; ${(error as Error).message}`;
    issues.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** What the registry reads from the environment. */
export const registrySettings = serviceEnvironment
  .pick({ DATABASE_URL: true, NATS_URL: true, DSPY_NEST_SECRET_KEY: true, LOG_LEVEL: true })
  .extend({
    DSPY_NEST_LM_BASE_URL: httpUrl.optional(),
    DSPY_NEST_LM_MODEL: z.string().max(200, 'must be at most 200 characters').optional(),
    DSPY_NEST_LM_API_KEY: z.string().max(1_000, 'must be at most 1,000 characters').optional(),
    DSPY_NEST_LOCAL_MODEL_URL: httpUrl.optional(),
    DSPY_NEST_MODEL_NETWORKS: modelNetworks,
    DSPY_NEST_TOOLS_FILE: toolsFile.optional(),
  })
  .superRefine((settings, issues) => {
    if (settings.DSPY_NEST_LM_BASE_URL !== undefined && settings.DSPY_NEST_LM_MODEL === undefined) {
      const message = 'must name the model that DSPY_NEST_LM_BASE_URL serves';
      issues.addIssue({ code: 'custom', path: ['DSPY_NEST_LM_MODEL'], message });
    }
  });
export type RegistrySettings = z.infer<typeof registrySettings>;

/** Injection token of the {@link RegistrySettings}. */
export const REGISTRY_SETTINGS = Symbol('REGISTRY_SETTINGS');
