export { SignatureClassError, type ClassErrorCode, type SignatureClassIssue } from './class-form/class-error';
export type { Class, FieldOptions, InputOptions, SignatureOptions } from './class-form/declarations';
export { Input, Member, Output, Signature } from './class-form/decorators';
export { specOf } from './class-form/spec-of';
