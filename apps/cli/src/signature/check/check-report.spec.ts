import { givenText } from '../definitions/given-text';
import { judge, makeReport, renderReport } from './check-report';

const plain = (_: string, text: string): string => text;

function reported(texts: string[], files: number, skipped: string[] = []): string {
  const judged = judge(texts.map((text) => givenText(text)));
  return renderReport(makeReport(judged, files, skipped), judged, plain);
}

describe('the report of a check', () => {
  it('counts files, definitions and errors', () => {
    const judged = judge([givenText('a -> b'), givenText('a: x -> b: y')]);
    const report = makeReport(judged, 7, []);
    expect(report).toMatchObject({ valid: false, files: 7, definitions: 2, errors: [{ code: 'unknown_type' }, {}] });
    expect(makeReport(judge([givenText('a -> b')]), 0, []).valid).toBe(true);
  });

  it('shows the text that each error is in, also of several definitions given', () => {
    expect(reported(['a: strng -> b', 'cc: strng -> d'], 0)).toMatch(
      /a: strng -> b\n {5}\^{5}\n[^]*cc: strng -> d\n {6}\^{5}/,
    );
  });

  it.each([
    [['a -> b'], 0, '1 definition: no error.\n'],
    [['a -> b', 'c -> d'], 1, '2 definitions in 1 file: no error.\n'],
    [[], 3, '0 definitions in 3 files: no error.\n'],
  ])('sums up %j in %i files', (texts, files, summary) => {
    expect(reported(texts, files)).toBe(summary);
  });

  it('says what was not looked at', () => {
    expect(reported([], 2, ['big.json'])).toBe(
      'big.json: not checked, since it has more than 1 MiB.\n0 definitions in 2 files: no error.\n',
    );
  });
});
