/** What DSPy's `save` writes when it is not asked for JSON, and what such files are sent as. */
const PACKED_TYPES =
  /^application\/(x-)?(python-|vnd\.python\.)?(pickle|pkl|cloudpickle|octet-stream|zip|gzip|tar|zip-compressed)\b/i;

/** Where a tar archive says that it is one. */
const TAR_MARK = { offset: 257, text: 'ustar' };

/** First characters of a body that was read as UTF-8, in which a byte that begins no character became U+FFFD. */
const PACKED_STARTS: readonly [RegExp, string][] = [
  [/^\ufffd[\x02-\x05]/, 'a pickle'],
  [/^(\((dp|lp|i)|c[\w.]+\n[\w.]+\n|[\]}(]q)/, 'a pickle'],
  [/^PK\x03\x04/, 'a zip archive'],
  [/^\x1f\ufffd/, 'a gzip archive'],
];

const REMEDY =
  'It was not opened: loading a pickle runs the code in it. Save what the program has learned as JSON, ' +
  'program.save("state.json"), and send that file with "content-type: application/json".';

/** Why a body is refused by its content type, if that is one of pickles and archives. */
export function packedTypeRefusal(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !PACKED_TYPES.test(contentType.trim())) return undefined;
  return `The content type "${contentType.slice(0, 100)}" is that of a pickle or an archive. ${REMEDY}`;
}

/** Why a body is refused by its first bytes, if they are those of a pickle or an archive. */
export function packedBodyRefusal(text: string): string | undefined {
  const isTar = text.startsWith(TAR_MARK.text, TAR_MARK.offset);
  const what = isTar ? 'a tar archive' : PACKED_STARTS.find(([start]) => start.test(text))?.[1];
  return what === undefined ? undefined : `The body is ${what}, not JSON. ${REMEDY}`;
}
