import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ApiKeyUnreadableError } from './models.errors';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARS = 8;

/**
 * Seals API keys for storage (AES-256-GCM). A sealed text is `<key id>.<nonce>.<ciphertext and tag>`: the key id tells which
 * secret opens it. The owner's id is authenticated with it, so that a row cannot be given the sealed key of another.
 */
export class ApiKeyCipher {
  readonly #secret: Buffer;
  readonly #keyId: string;

  constructor(secretBase64: string) {
    this.#secret = Buffer.from(secretBase64, 'base64');
    this.#keyId = createHash('sha256').update(this.#secret).digest('hex').slice(0, KEY_ID_CHARS);
  }

  seal(apiKey: string, ownerId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#secret, nonce).setAAD(Buffer.from(ownerId));
    const sealed = Buffer.concat([cipher.update(apiKey, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [this.#keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** Throws ApiKeyUnreadableError when the text was sealed with another secret, for another owner, or changed since. */
  open(sealedText: string, ownerId: string): string {
    const [keyId, nonce = '', body = ''] = sealedText.split('.');
    if (keyId !== this.#keyId) throw new ApiKeyUnreadableError();
    const sealed = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#secret, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(ownerId)).setAuthTag(sealed.subarray(-TAG_BYTES));
      return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new ApiKeyUnreadableError(cause);
    }
  }
}
