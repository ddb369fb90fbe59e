/** Environment variable by which a run of Jest hands its Postgres to the suites. */
export const SHARED_DATABASE_URL = 'DSPY_NEST_TEST_DATABASE_URL';
