const ARTICLES = new Set(['a', 'an', 'the']);
// What SQuAD's script strips (Python's string.punctuation), and the punctuation of other languages.
const PUNCTUATION = /[\p{P}$+<=>^`|~]/gu;
// What either JavaScript or Python takes for white space, so that both languages find the same words.
const SPACE = /[\s\u001c-\u001f\u0085\ufeff]+/u;

/**
 * The words of a text as SQuAD compares them (P. Rajpurkar et al., EMNLP 2016): in lower case, without punctuation and without the
 * English articles. Letters and their accents are composed first (NFC), so that two spellings of one text are alike.
 */
export function normalizedWords(text: string): string[] {
  const plain = text.normalize('NFC').toLowerCase().replace(PUNCTUATION, '');
  return plain.split(SPACE).filter((word) => word !== '' && !ARTICLES.has(word));
}
