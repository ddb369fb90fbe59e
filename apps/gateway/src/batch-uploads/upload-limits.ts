/** The injection token of {@link UploadLimits}. */
export const UPLOAD_LIMITS = Symbol('upload limits');

/** How much one batch may bring, by the operator. */
export interface UploadLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** What holds where the operator says nothing. */
export const UPLOAD_LIMITS_DEFAULT: UploadLimits = { maxRows: 100_000, maxBytes: 1_073_741_824 };
