import { packedBodyRefusal, packedTypeRefusal } from './packed-body';

const read = (bytes: number[]): string => Buffer.from(bytes).toString('utf8');

describe('packed bodies', () => {
  it.each([
    ['a pickle', read([0x80, 0x05, 0x95, 0x01])],
    ['a pickle', read([0x80, 0x02, 0x7d])],
    ['a pickle', '(dp0\nS"a"\n'],
    ['a pickle', 'cos\nsystem\n(S"true"\ntR.'],
    ['a pickle', '}q\u0000.'],
    ['a zip archive', read([0x50, 0x4b, 3, 4, 0])],
    ['a gzip archive', read([0x1f, 0x8b, 8, 0])],
    ['a tar archive', `program.pkl${'\0'.repeat(246)}ustar`],
  ])('names %s by its first bytes, and how to do without', (what, text) => {
    const refusal = packedBodyRefusal(text);
    expect(refusal).toContain(`The body is ${what}`);
    expect(refusal).toContain('program.save("state.json")');
  });

  it.each(['{"a": 1}', ' [1]', '"(dp0"', '', 'PK', '12'])('takes %j for what it is', (text) => {
    expect(packedBodyRefusal(text)).toBeUndefined();
  });

  it.each(['application/octet-stream', 'application/x-pickle', 'application/python-pickle', 'application/zip; x=y'])(
    'names the type %s',
    (type) => expect(packedTypeRefusal(type)).toContain(`"${type}"`),
  );

  it.each([undefined, 'text/plain', 'application/json', 'application/zipped-json'])(
    'leaves the type %s alone',
    (type) => expect(packedTypeRefusal(type)).toBeUndefined(),
  );
});
