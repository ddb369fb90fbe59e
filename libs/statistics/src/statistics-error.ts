/** A figure was asked of numbers that cannot give it. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
}
