import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface TicketRow {
  ticket: string;
  team: string;
}

const TEAMS = ['account', 'billing', 'shipping', 'technical'];
const FILE = join(process.cwd(), 'scripts', 'demo', 'support-tickets.jsonl');
const rows: TicketRow[] = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as TicketRow);

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const trigramsOf = (text: string): Set<string> => {
  const words = wordsOf(text);
  return new Set(words.slice(2).map((word, at) => `${words[at]} ${words[at + 1]} ${word}`));
};

const jaccard = (left: Set<string>, right: Set<string>): number => {
  const sharedCount = [...left].filter((trigram) => right.has(trigram)).length;
  return sharedCount / (left.size + right.size - sharedCount);
};

const repeated = (values: string[]): string[] => values.filter((value, at) => values.indexOf(value) !== at);

const nearDuplicates = (tickets: string[], limit: number): string[][] => {
  const trigrams = tickets.map(trigramsOf);
  return trigrams.flatMap((ofTicket, at) =>
    trigrams
      .slice(0, at)
      .flatMap((ofEarlier, before) =>
        jaccard(ofTicket, ofEarlier) >= limit ? [[tickets[before] ?? '', tickets[at] ?? '']] : [],
      ),
  );
};

describe('support tickets', () => {
  const tickets = rows.map((row) => row.ticket);

  it('holds enough rows to train on one part and measure on another', () => {
    expect(rows.length).toBeGreaterThanOrEqual(320);
  });

  it('gives every row a ticket of 6 to 60 words, one known team and nothing else', () => {
    const malformed = rows.filter((row) => {
      const wordCount = row.ticket.trim().split(/\s+/).length;
      const keysFit = Object.keys(row).join() === 'ticket,team';
      return (
        !keysFit || !TEAMS.includes(row.team) || wordCount < 6 || wordCount > 60 || row.ticket !== row.ticket.trim()
      );
    });
    expect(malformed).toEqual([]);
  });

  it('is balanced between the teams', () => {
    const counts = TEAMS.map((team) => rows.filter((row) => row.team === team).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('mixes the teams, so that any long slice of the file holds all four', () => {
    const sliceLength = 40;
    const starts = Array.from({ length: rows.length - sliceLength + 1 }, (_, start) => start);
    const lacking = starts.filter((start) => {
      return new Set(rows.slice(start, start + sliceLength).map((row) => row.team)).size < TEAMS.length;
    });
    expect(lacking).toEqual([]);
  });

  it('repeats no ticket', () => {
    expect(repeated(tickets.map((ticket) => wordsOf(ticket).join(' ')))).toEqual([]);
  });

  it('starts no two tickets with the same five words', () => {
    expect(repeated(tickets.map((ticket) => wordsOf(ticket).slice(0, 5).join(' ')))).toEqual([]);
  });

  it('holds no near duplicates', () => {
    expect(nearDuplicates(tickets, 0.5)).toEqual([]);
  });

  it('would notice a near duplicate', () => {
    const original = 'My parcel has been stuck in the depot since Monday';
    const reworded = 'My parcel has been stuck in the depot since Friday';
    const unrelated = 'The invoice for March names the wrong company';
    expect(nearDuplicates([original, unrelated, reworded], 0.5)).toEqual([[original, reworded]]);
  });
});
