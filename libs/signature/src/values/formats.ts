const date = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const time = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
const url =
  /^https?:\/\/(?:(?:[0-9A-Za-z._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#](?:[0-9A-Za-z._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*)?$/;
const email =
  /^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(?:\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*@(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?$/;
const maxEmailLength = 254;
// A URL of a model's may have letters that a URL of ours has not; whoever fetches it judges that.
const imageUrl = /^https?:\/\/(?:\[[0-9A-Fa-f:.]+\]|[^ \t\r\n\f\v/?#[\]])[^ \t\r\n\f\v]*$/;
const imageData = /^data:image\/(?:png|jpeg|webp|gif);base64,/;
// One character at a time: a pattern of the whole needs a stack as deep as the image is long.
const noBase64 = /[^A-Za-z0-9+/]/;
const maxImageBytes = 10 * 1024 * 1024;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a day of RFC 3339 from the year 1 on, such as 2024-05-02. */
export function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (date.exec(text) ?? []).slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year > 0 && day > 0 && day <= (month === 2 && leap ? 29 : (monthLengths[month - 1] ?? 0));
}

/** Whether a text is a time of RFC 3339 with its zone, such as 2024-05-02T10:30:00Z; leap seconds are none. */
export const isDateTime = (text: string): boolean =>
  text[10] === 'T' && isDate(text.slice(0, 10)) && time.test(text.slice(11));

/** Whether a text is an absolute http or https URL in ASCII. */
export const isUrl = (text: string): boolean => url.test(text);

/** Whether a text is an e-mail address in ASCII. */
export const isEmail = (text: string): boolean => text.length <= maxEmailLength && email.test(text);

/** Whether a text is an http or https URL, or a data URI with an image of at most 10 MiB in base64. */
export function isImage(text: string): boolean {
  const head = imageData.exec(text)?.[0];
  if (head === undefined) return imageUrl.test(text);
  const length = text.length - head.length;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const isWhole = length > 0 && length % 4 === 0 && !noBase64.test(text.slice(head.length, text.length - padding));
  return isWhole && (length / 4) * 3 - padding <= maxImageBytes;
}

/** The formats that the JSON Schema of a signature names, for a validator of it. */
export const jsonSchemaFormats = { date: isDate, 'date-time': isDateTime, uri: isUrl, email: isEmail } as const;
