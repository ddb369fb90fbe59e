/** The environment of DSPy outside of the platform: this benchmark's model only, and no price list from the network. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  // DSPy would take another engine when these are set.
  const { OPENAI_BASE_URL: _url, OPENAI_API_BASE: _base, ...env } = process.env;
  return { ...env, LITELLM_LOCAL_MODEL_COST_MAP: 'true', PYTHONUNBUFFERED: '1' };
}
