export { canonicalJson } from './canonical-json';
export {
  renderSignatureError,
  SignatureSyntaxError,
  signatureErrorCodes,
  type SignatureError,
  type SignatureErrorCode,
} from './errors';
export { executedOutputs } from './executed-outputs';
export { hashSpec, type HashedContent } from './hash';
export { inputJsonSchema, outputJsonSchema, type JsonSchema } from './json-schema';
export { fieldNamePattern, isSignatureName, signatureNamePattern, toPascalCase } from './name';
export { checkSignature, parseSignature, type ParseOptions } from './parse';
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
