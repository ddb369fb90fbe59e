/** A process of the benchmark ended otherwise than it should. */
export class BenchProcessError extends Error {
  readonly code = 'bench_process';
}

/** A server answered otherwise than the benchmark needs it: the numbers would mean nothing. */
export class BenchAnswerError extends Error {
  readonly code = 'bench_answer';
}
