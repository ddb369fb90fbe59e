import type { Field, FieldType } from './spec';

/** A field at compile time; `optional` allows null, `omissible` tells that an input may be absent. */
export interface FieldOf {
  name: string;
  type: unknown;
  optional: boolean;
  omissible: boolean;
}

/** `object{ a: T, b: U? }`: an optional member may be absent or null. */
export const toObject = (fields: Field[]): FieldType => ({ kind: 'object', fields });
export type toObject<Fields extends FieldOf> = flatten<
  { [F in Fields as F['optional'] extends true ? never : F['name']]: F['type'] } & {
    [F in Fields as F['optional'] extends true ? F['name'] : never]?: F['type'] | null;
  }
>;

/** Shows an intersection as the one object type it is. */
export type flatten<T> = { [K in keyof T]: T[K] };
