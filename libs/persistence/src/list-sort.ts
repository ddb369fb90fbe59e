import { SORT_KEYS_MAX } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { ListDefinition } from './list-definition';

/** A column that a list is sorted by. */
export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
}

/** The columns of a sort and, in the direction of the last, the one that breaks ties; throws ValidationFailedError. */
export function readSort(sort: string, { sortable, idColumn }: ListDefinition): SortColumn[] {
  const names = sort.split(',');
  const columns = names.map((signed) => {
    const descending = signed.startsWith('-');
    const name = descending ? signed.slice(1) : signed;
    const column = Object.hasOwn(sortable, name) ? sortable[name] : undefined;
    if (column !== undefined) return { column, descending };
    const allowed = Object.keys(sortable).join(', ');
    throw badSort(`"${name}" cannot be sorted by; allowed are ${allowed}, with "-" in front for descending.`);
  });
  if (names.length > SORT_KEYS_MAX) throw badSort(`A list is sorted by at most ${SORT_KEYS_MAX} fields.`);
  // What a field is sorted by again says nothing more.
  const told = columns.filter(({ column }, index) => columns.findIndex((one) => one.column === column) === index);
  return [...told, { column: idColumn, descending: told.at(-1)!.descending }];
}

function badSort(message: string): ValidationFailedError {
  return new ValidationFailedError(message, [{ pointer: '/sort', code: 'unknown_sort', message }]);
}
