import { backOffMs } from './back-off';

describe('backOffMs', () => {
  it('doubles from a quarter of a second and stays at 15 s', () => {
    expect([0, 1, 2, 5, 6, 7, 5000].map(backOffMs)).toEqual([250, 500, 1000, 8000, 15_000, 15_000, 15_000]);
  });
});
