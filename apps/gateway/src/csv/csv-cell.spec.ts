import { csvCell, unguarded } from './csv-cell';

describe('csvCell', () => {
  it.each([
    ['plain', 'plain'],
    ['', '""'],
    ['a,"b"\nc', '"a,""b""\nc"'],
    ['=SUM(A1)', "'=SUM(A1)"],
    ['-1+cmd', "'-1+cmd"],
    ['+1', "'+1"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ["'=x", "''=x"],
    ["it's", "it's"],
    ["'quoted'", "'quoted'"],
  ])('%j is written as %j, and read as it was', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
    expect(unguarded(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)).toBe(text);
  });
});
