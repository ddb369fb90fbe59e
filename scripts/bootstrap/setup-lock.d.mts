export interface LockAttempt {
  readonly release?: () => void;
  readonly holder?: number;
  readonly released?: Promise<unknown>;
}
export function tryLock(kind: string, folder: string): Promise<LockAttempt>;
