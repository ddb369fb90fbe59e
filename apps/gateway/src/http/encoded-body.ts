import { EncodedBodyError } from './http.errors';

/** Throws EncodedBodyError for a body that is compressed: none is unpacked here, so that no small one becomes a large one. */
export function refuseEncodedBody(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || /^(identity)?$/i.test(contentEncoding.trim())) return;
  throw new EncodedBodyError(contentEncoding);
}
