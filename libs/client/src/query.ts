/** Values by operator by field: `{ status: { in: ['failed'] } }`. */
type Filter = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The query of a list, with `?` before it; a filter is `filter[status][in]=failed`. */
export function queryText(page: Readonly<Record<string, string | number | undefined>>, filter: Filter = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(page)) if (value !== undefined) query.set(name, String(value));
  for (const [field, operators = {}] of Object.entries(filter)) {
    for (const [name, value] of Object.entries(operators)) query.set(`filter[${field}][${name}]`, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
