import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '../../../core/result/result.ts'
import { text, type LocalText } from '../../../core/text/local-text.ts'
import { writeDurably } from '../database/durable-file.ts'

/** The key with which this terminal signs every request to the one-window backend. */
export interface TerminalKey {
  /** Ed25519 public key, 32 bytes, base64: what the backend registers. */
  readonly publicKey: string
  /** Signature over the UTF-8 bytes of the text, base64. */
  readonly sign: (text: string) => string
}

/** Its name in the key room. */
export const TERMINAL_KEY_FILE = 'terminal-signing-key.pem'

export type TerminalKeyError =
  | { readonly kind: 'open-to-others'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string }

/**
 * The signing key in `<folder>/terminal-signing-key.pem` (PKCS #8, mode 0600), made at the first start. A file is enough for
 * demonstration and trial. **Production needs a key that cannot be copied**: in a TPM 2.0 or UKey, behind this same interface,
 * on a disk that is encrypted as a whole.
 */
export async function openTerminalKey(folder: string): Promise<Result<TerminalKey, TerminalKeyError>> {
  const file = join(folder, TERMINAL_KEY_FILE)
  let pem: string
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return err({ kind: 'open-to-others', file })
    pem = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return err({ kind: 'unreadable', file })
    pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await writeDurably(file, pem)
  }
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch {
    return err({ kind: 'unreadable', file })
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') return err({ kind: 'unreadable', file })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return ok({
    publicKey: Buffer.from(x ?? '', 'base64url').toString('base64'),
    sign: (signed) => sign(null, Buffer.from(signed, 'utf8'), privateKey).toString('base64'),
  })
}

export function terminalKeySentence(error: TerminalKeyError): LocalText {
  switch (error.kind) {
    case 'open-to-others':
      return text(`终端密钥文件的权限过宽，其他用户可以读取：${error.file}。请收紧为 0600，并视情况更换密钥。`, `Other users can read the terminal's key file: ${error.file}. Set its mode to 0600 and consider a new key.`)
    case 'unreadable':
      return text(`读不了终端密钥文件：${error.file}。请从备份恢复，或删除后用新的登记码重新登记。`, `The terminal's key file cannot be read: ${error.file}. Restore it, or delete it and enrol with a new code.`)
  }
}
