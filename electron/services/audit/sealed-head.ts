import { createPublicKey, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '../database/durable-file.ts'
import type { TerminalKey } from '../one-window/terminal-key.ts'
import type { ChainHead } from './chain.ts'

/** Name of the file in the key room: another place than the journal's own file, so that nobody shortens both by accident. */
export const SEALED_HEAD_FILE = 'audit-head.json'

const sealedHeadSchema = z.strictObject({ count: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/), signature: z.string().min(1).max(200) })

export type ReadHead = { readonly kind: 'head'; readonly head: ChainHead } | { readonly kind: 'missing' } | { readonly kind: 'forged' }

/** Writes how far the journal goes, signed with this terminal's key. The disk has it when the promise resolves. */
export async function sealHead(file: string, head: ChainHead, key: Pick<TerminalKey, 'sign'>): Promise<void> {
  await writeDurably(file, `${JSON.stringify({ ...head, signature: key.sign(sealedText(head)) })}\n`)
}

/** Reads the sealed head. `forged`: it is no sealed head, or this terminal's key did not sign it. */
export async function readSealedHead(file: string, publicKey: string): Promise<ReadHead> {
  let content: string
  try {
    content = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' }
    throw error
  }
  const parsed = sealedHeadSchema.safeParse(jsonOf(content))
  if (!parsed.success) return { kind: 'forged' }
  const { signature, ...head } = parsed.data
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'base64').toString('base64url') }, format: 'jwk' })
  return verify(null, Buffer.from(sealedText(head)), key, Buffer.from(signature, 'base64')) ? { kind: 'head', head } : { kind: 'forged' }
}

/** Begins with what it is, so that no other text that this key signs can stand here. */
function sealedText({ count, hash }: ChainHead): string {
  return `one-window kiosk: head of the audit journal\n${count}\n${hash}`
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
