import { UnexpectedAnswerError } from './errors';
import { ServerEventParser, type ServerEvent } from './server-events';

const TEXT =
  'retry: 2000\n\nid: 1\nevent: queued\ndata: {"a":"x: y"}\n\n: \n\nid: 2\r\nevent: outputs\r\ndata: {\r\ndata: "b":"ü"}\r\n\r\n';
const EVENTS = [
  { id: 1, type: 'queued', data: { a: 'x: y' } },
  { id: 2, type: 'outputs', data: { b: 'ü' } },
];

function parse(text: string, pieceChars: number): ServerEvent[] {
  const parser = new ServerEventParser();
  const pieces = Array.from({ length: Math.ceil(text.length / pieceChars) }, (_, index) =>
    text.slice(index * pieceChars, (index + 1) * pieceChars),
  );
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('ServerEventParser', () => {
  it.each([1, 2, 7, 1_000])('finds the events in pieces of %d characters', (pieceChars) => {
    expect(parse(TEXT, pieceChars)).toEqual(EVENTS);
  });

  it('gives an event as soon as it is whole, and not before', () => {
    const parser = new ServerEventParser();
    expect(parser.push('id: 3\nevent: a\ndata: 1\n')).toEqual([]);
    expect(parser.push('\nid: 4')).toEqual([{ id: 3, type: 'a', data: 1 }]);
  });

  it('tells a number that comes without an event', () => {
    expect(parse('id: 7\n\n', 100)).toEqual([{ id: 7, type: 'message', data: undefined }]);
  });

  it('puts a large event together', () => {
    const long = 'x'.repeat(1_000_000);
    expect(parse(`id: 1\ndata: "${long}"\n\n`, 1_000)).toEqual([{ id: 1, type: 'message', data: long }]);
  });

  it.each([
    ['without a number', 'data: 1\n\n'],
    ['with another id', 'id: a\ndata: 1\n\n'],
    ['that is no JSON', 'id: 1\ndata: {\n\n'],
  ])('refuses an event %s', (_, text) => {
    expect(() => new ServerEventParser().push(text)).toThrow(UnexpectedAnswerError);
  });

  it('does not keep what never ends', () => {
    const parser = new ServerEventParser();
    const megabytes = 'x'.repeat(8 * 1_024 * 1_024);
    for (let count = 0; count < 8; count += 1) expect(parser.push(megabytes)).toEqual([]);
    expect(() => parser.push('x')).toThrow('is longer than');
  });
});
