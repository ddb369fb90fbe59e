const MIB = 1_048_576;

/** Bytes of a message that travel in it; what is larger is left in the payload store and claimed by who reads the message. */
export const PAYLOAD_INLINE_MAX_BYTES = 262_144;

/** Bytes of one message of the payload store. */
export const PAYLOAD_CHUNK_BYTES = 262_144;

/** Bytes of the largest message there is. */
export const PAYLOAD_MAX_BYTES = 64 * MIB;

/** The most levels that a JSON body may nest. */
export const JSON_MAX_DEPTH = 64;

/** Bytes of an image given as a data URI, decoded. */
export const IMAGE_MAX_BYTES = 10 * MIB;

/** Bytes of a program's learned state as JSON. */
export const STATE_MAX_BYTES = MIB;

/** Bytes of inputs, or of the body that brings them, without its images. */
export const BODY_MAX_BYTES = MIB;

/** Bytes of a body together with its images. */
export const IMAGE_BODY_MAX_BYTES = 16 * MIB;
