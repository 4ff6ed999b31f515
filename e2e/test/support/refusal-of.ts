import { ApiError } from '../../harness/index.ts';

/** What a request is refused with; one that passes is a failure of the test. */
export async function refusalOf(request: Promise<unknown>): Promise<ApiError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('expected a refusal, but the API server took it');
}
