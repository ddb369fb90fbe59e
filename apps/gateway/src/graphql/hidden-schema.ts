import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { isErrorCode } from '@dspy-nest/contracts';
import { GraphQLError, type ASTVisitor, type ValidationContext, type ValidationRule } from 'graphql';

const SUGGESTION = / Did you mean [^?]*\?$/;
const INTROSPECTION = new Set(['__schema', '__type']);
const REFUSAL =
  'The schema is not told here: introspection is off. Start the gateway with DSPY_NEST_INTROSPECTION=on to see it.';

const noIntrospection: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Field(node) {
    if (!INTROSPECTION.has(node.name.value)) return;
    context.reportError(
      new GraphQLError(REFUSAL, { nodes: [node], extensions: { code: 'forbidden', retryable: false } }),
    );
  },
});

/** Refuses to tell callers the schema, also by hints in what is wrong with a document. */
export const hiddenSchema: GatewayPlugin = {
  onValidate({ addValidationRule }) {
    addValidationRule(noIntrospection);
    return ({ result, setResult }) => setResult((result as readonly GraphQLError[]).map(withoutSuggestion));
  },
};

/** The error without a hint at a name that callers were not told; what a service says of its own is kept. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const { message, nodes, path, extensions } = error;
  if (isErrorCode(String(extensions['code'])) || !SUGGESTION.test(message)) return error;
  const place = { ...(path !== undefined && { path }), ...(nodes !== undefined && { nodes }) };
  return new GraphQLError(message.replace(SUGGESTION, ''), { ...place, extensions });
}
