import { readFileSync } from 'node:fs';

const BLOCK = /```graphql\n(.*?)```/gs;

const FIELD_WITH_ARGUMENTS = /(?<!query )\b(\w+)\(/g;

/** The GraphQL documents of a guide in which these are all fields with arguments. */
export function documentedQueries(guide: string, fields: readonly string[]): string[] {
  const text = readFileSync(`docs/guides/${guide}`, 'utf8');
  const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => block);
  return blocks.filter((block) =>
    [...block.matchAll(FIELD_WITH_ARGUMENTS)].every(([, name = '']) => fields.includes(name)),
  );
}
