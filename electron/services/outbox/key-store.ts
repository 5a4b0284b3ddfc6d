import { createHash, randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '../../../core/result/result.ts'
import { text, type LocalText } from '../../../core/text/local-text.ts'
import { writeDurably } from '../database/durable-file.ts'
import { seal, unseal, type SealedFor } from './envelope.ts'

/**
 * Holds the terminal's key and wraps the data keys of applications with it. The key itself never leaves the store, so a TPM
 * 2.0 or UKey fits behind this interface.
 */
export interface KeyStore {
  /** Names the terminal key in every wrapped blob. Not secret. */
  readonly keyId: string
  readonly protection: 'file' | 'hardware'
  wrap(dataKey: Uint8Array, sealedFor: SealedFor): Promise<Uint8Array>
  /** Undefined when the blob was damaged or wrapped by another key. */
  unwrap(wrapped: Uint8Array, sealedFor: SealedFor): Promise<Uint8Array | undefined>
}

export type KeyStoreError =
  | { readonly kind: 'open-to-others'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string }

const KEY_BYTES = 32

/**
 * The terminal key in `<folder>/outbox.key`, mode 0600, made at the first start. Enough for demonstration and trial: who can
 * copy the whole disk can read the queue. **Production needs hardware protection** (TPM 2.0 or UKey) behind `KeyStore`, and
 * full-disk encryption underneath.
 */
export async function openFileKeyStore(folder: string): Promise<Result<KeyStore, KeyStoreError>> {
  const file = join(folder, 'outbox.key')
  let key: Buffer
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return err({ kind: 'open-to-others', file })
    key = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return err({ kind: 'unreadable', file })
    key = randomBytes(KEY_BYTES)
    await writeDurably(file, key)
  }
  if (key.length !== KEY_BYTES) return err({ kind: 'unreadable', file })
  const keyId = `file-${createHash('sha256').update('outbox key id\n').update(key).digest('hex').slice(0, 16)}`
  return ok({
    keyId,
    protection: 'file',
    wrap: (dataKey, sealedFor) => Promise.resolve(seal(key, keyId, sealedFor, dataKey)),
    unwrap: (wrapped, sealedFor) => Promise.resolve(unseal(key, sealedFor, wrapped)),
  })
}

export function keyStoreSentence(error: KeyStoreError): LocalText {
  switch (error.kind) {
    case 'open-to-others':
      return text(`暂存箱密钥文件的权限过宽：${error.file}。请收紧为 0600 后再启动。`, `Other users can read the outbox key: ${error.file}. Set its mode to 0600 and start again.`)
    case 'unreadable':
      return text(`读不了暂存箱密钥：${error.file}。请从备份恢复；没有它，暂存的申请无法打开。`, `The outbox key cannot be read: ${error.file}. Restore it; without it what is kept cannot be opened.`)
  }
}
