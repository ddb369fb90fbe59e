const RESPOND_ASYNC = /(?:^|[,;\s])respond-async(?:$|[,;\s])/i;

/** Whether a `Prefer` header asks for an answer before the outcome. */
export function asksToRespondAsync(prefer: string | undefined): boolean {
  return prefer !== undefined && RESPOND_ASYNC.test(prefer);
}
