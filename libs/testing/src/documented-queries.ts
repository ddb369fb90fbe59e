import { readFileSync } from 'node:fs';

const BLOCK = /```graphql\n(.*?)```/gs;

/** The GraphQL documents of a guide that ask for one of the fields. */
export function documentedQueries(guide: string, fields: readonly string[]): string[] {
  const text = readFileSync(`docs/guides/${guide}`, 'utf8');
  const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => block);
  return blocks.filter((block) => fields.some((field) => new RegExp(`\\b${field}\\(`).test(block)));
}
