import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { canonicalize } from '@tufjs/canonical-json'
import { z } from 'zod'
import { writeWhole } from './files.ts'

/** A public key as TUF metadata carries it. */
export interface PublicKey {
  readonly keytype: 'ed25519'
  readonly scheme: 'ed25519'
  readonly keyval: { readonly public: string }
}

export interface SigningKey {
  /** SHA-256 of the canonical JSON of the public key, in hex. */
  readonly id: string
  readonly publicKey: PublicKey
  readonly privateKey: KeyObject
}

/** How many keys a role has, and how many of them must sign. The numbers of a production repository (facts on fleet, 2.1). */
export const ROLE_KEYS = {
  root: { keys: 5, threshold: 3 },
  targets: { keys: 3, threshold: 2 },
  snapshot: { keys: 1, threshold: 1 },
  timestamp: { keys: 1, threshold: 1 },
  delegated: { keys: 2, threshold: 1 },
} as const

const keysFileSchema = z.record(z.string(), z.array(z.string()))

/**
 * The private keys of the sandbox's signing station. In production they would be with five people and in modules; here they
 * are made on first use and lie in a file of the sandbox folder that is never checked in and never served.
 */
export class KeyRing {
  readonly #file: string
  readonly #roles: Map<string, readonly SigningKey[]>

  private constructor(file: string, roles: Map<string, readonly SigningKey[]>) {
    this.#file = file
    this.#roles = roles
  }

  static async open(file: string): Promise<KeyRing> {
    const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}'
      throw error
    })
    const roles = Object.entries(keysFileSchema.parse(JSON.parse(content))).map(([role, pems]) => [role, pems.map((pem) => signingKey(createPrivateKey(pem)))] as const)
    return new KeyRing(file, new Map(roles))
  }

  /** The keys of a role; made and kept when it has none yet. */
  async of(role: string, count: number): Promise<readonly SigningKey[]> {
    const present = this.#roles.get(role)
    if (present) return present
    const made = Array.from({ length: count }, () => signingKey(generateKeyPairSync('ed25519').privateKey))
    this.#roles.set(role, made)
    const pems = [...this.#roles].map(([name, keys]) => [name, keys.map(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'pem' }))] as const)
    await writeWhole(this.#file, `${JSON.stringify(Object.fromEntries(pems), null, 2)}\n`, 0o600)
    return made
  }
}

function signingKey(privateKey: KeyObject): SigningKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  const publicKey: PublicKey = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: Buffer.from(x ?? '', 'base64url').toString('hex') } }
  return { id: createHash('sha256').update(canonicalize(publicKey)).digest('hex'), publicKey, privateKey }
}

/** The signed part with one signature of each key, as it is served. */
export function signed(part: object, keys: readonly SigningKey[]): { readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]; readonly signed: object } {
  const bytes = Buffer.from(canonicalize(part))
  return { signatures: keys.map(({ id, privateKey }) => ({ keyid: id, sig: sign(null, bytes, privateKey).toString('hex') })), signed: part }
}
