import {
  declareProperty,
  declareSignature,
  type Class,
  type FieldOptions,
  type InputOptions,
  type Place,
  type SignatureOptions,
} from './declarations';

/** Makes a class a signature: `specOf` reads it. */
export function Signature(options: SignatureOptions = {}): (target: Class) => void {
  return (target) => declareSignature(target, options);
}

/** Makes a property an input; a text is its type in the signature language. */
export function Input(options: InputOptions | string = {}): PropertyDecorator {
  return declare('input', options);
}

/** Makes a property an output; a text is its type in the signature language. */
export function Output(options: FieldOptions | string = {}): PropertyDecorator {
  return declare('output', options);
}

/** Makes a property a member of the object that its class is; properties with validators need it only for options. */
export function Member(options: FieldOptions | string = {}): PropertyDecorator {
  return declare('object', options);
}

function declare(place: Place, given: InputOptions | string): PropertyDecorator {
  const options = typeof given === 'string' ? { type: given } : given;
  return (target, name) => declareProperty(target.constructor as Class, { name: String(name), place, options });
}
