import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { SEALED_SCHEMA_VERSION } from './schema.ts'

const MAGIC = Buffer.from('OWE1', 'latin1')
/** Algorithms by number, so that blobs of another one (SM4-GCM) can lie beside these. */
const AES_256_GCM = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a sealed blob belongs to; it opens for nothing else. */
export interface SealedFor {
  readonly applicationId: string
  readonly matter: string
  /** `submission`, `data-key`, or an attachment's id. */
  readonly part: string
}

/**
 * Encrypts with AES-256-GCM under a fresh nonce. Layout: magic 4, algorithm 1, length of key id 1, key id, nonce 12, tag 16,
 * ciphertext.
 */
export function seal(key: Uint8Array, keyId: string, sealedFor: SealedFor, plaintext: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(authenticated(sealedFor))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const id = Buffer.from(keyId, 'latin1')
  return Buffer.concat([MAGIC, Buffer.from([AES_256_GCM, id.length]), id, nonce, cipher.getAuthTag(), ciphertext])
}

/** Opens a sealed blob; undefined when it was damaged, moved, or sealed with another key. */
export function unseal(key: Uint8Array, sealedFor: SealedFor, blob: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength)
  const keyIdLength = bytes[5] ?? 0
  const start = 6 + keyIdLength
  if (!bytes.subarray(0, 4).equals(MAGIC) || bytes[4] !== AES_256_GCM || bytes.length < start + NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(start, start + NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(authenticated(sealedFor))
  decipher.setAuthTag(bytes.subarray(start + NONCE_BYTES, start + NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start + NONCE_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

function authenticated(sealedFor: SealedFor): Buffer {
  return Buffer.from(JSON.stringify([sealedFor.applicationId, sealedFor.matter, SEALED_SCHEMA_VERSION, sealedFor.part]), 'utf8')
}
