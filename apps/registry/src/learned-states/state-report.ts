import type { ErrorItem, StateNote } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

const ERRORS_MAX = 50;

/** Names a member of what a pointer names. */
export const below = (pointer: string, ...steps: (string | number)[]): string =>
  pointer + steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What is found while a state is read: what is wrong with it, and what is only left out. */
export class StateReport {
  readonly notes: StateNote[] = [];
  readonly #errors: ErrorItem[] = [];

  refuse(pointer: string, code: string, message: string): void {
    if (this.#errors.length < ERRORS_MAX) this.#errors.push({ pointer, code, message });
  }

  leaveOut(pointer: string, message: string): void {
    this.notes.push({ pointer, code: 'not_kept', message });
  }

  /** Throws ValidationFailedError if anything was refused. */
  throwIfRefused(): void {
    if (this.#errors.length === 0) return;
    const shown = this.#errors.map(({ pointer, message }) => `${pointer || '(document)'}: ${message}`).join(' ');
    throw new ValidationFailedError(`The state does not fit the program. ${shown}`, this.#errors);
  }
}
