export { canonicalJson } from './canonical-json';
export { coerceField } from './coercion/coerce';
export { coercionRules, listCoercions, type Coerced, type Coercion, type CoercionRule } from './coercion/coercion';
export { type SignatureChange } from './diff/change';
export { diffSignatures, type SignatureDiff } from './diff/diff-signatures';
export { changeRules, type ChangeCode, type ChangeVerdict } from './diff/rules';
export {
  renderSignatureError,
  SignatureSyntaxError,
  signatureErrorCodes,
  type SignatureError,
  type SignatureErrorCode,
} from './errors';
export { executedOutputs } from './executed-outputs';
export { readJsonText } from './texts/json-text';
export { unescaped } from './texts/lenient-json';
export { isCarriable } from './values/carriable';
export { specFromJsonSchema, type SideSchemas } from './from-json-schema/spec-from-json-schema';
export { hashSpec, type HashedContent } from './hash';
export { JsonSchemaError, jsonSchemaErrorCodes, type JsonSchemaIssue } from './json-schema-error';
export { imagePattern, inputJsonSchema, outputJsonSchema, type JsonSchema } from './json-schema';
export { fieldNamePattern, isSignatureName, signatureNamePattern, toPascalCase } from './name';
export { openAiStrictInputSchema, openAiStrictOutputSchema } from './openai-strict-schema';
export { compilePattern, type Pattern } from './pattern/pattern';
export { checkSignature, parseSignature, type ParseOptions, type SignatureCheck } from './parse';
export { printSignature, printType } from './print';
export { signature, type Inputs, type Outputs, type Signature } from './signature';
export {
  primitiveTypes,
  signatureLimits,
  type Constraints,
  type EnumValue,
  type Field,
  type FieldType,
  type PrimitiveType,
  type SignatureSpec,
} from './spec';
export { holdsJson } from './values/holds-json';
export { isImage, jsonSchemaFormats } from './values/formats';
