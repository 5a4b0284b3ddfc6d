import { createHash, createPublicKey, verify } from 'node:crypto'
import { contentDigestHeader, signedText } from '../../core/one-window/signature.ts'
import { Refusal } from './refusal.ts'
import type { Store } from './store.ts'

/** A request's time may differ from the backend's by this much; within twice of it a nonce is remembered. */
export const TIME_WINDOW_MS = 5 * 60_000

export interface GuardedRequest {
  readonly method: string
  readonly target: string
  readonly body: Uint8Array
  readonly terminalId: string
  readonly time: string
  readonly nonce: string
  readonly contentDigest: string
  readonly idempotencyKey: string | undefined
  readonly signature: string
}

/** `registered`: the terminal's registration counts; otherwise the key that the request itself brings. */
export type KeySource = { readonly kind: 'registered'; readonly expiredAllowed: boolean } | { readonly kind: 'brought'; readonly publicKey: string }

/**
 * Everything that must hold before a request is looked at: digest, time window, known terminal, signature, fresh nonce; in
 * this order, so that only a truly signed request can use up a nonce.
 * @throws Refusal
 */
export function guard(store: Store, request: GuardedRequest, source: KeySource, nowMs: number): void {
  if (request.contentDigest !== contentDigestHeader(sha256Base64(request.body))) throw new Refusal('digest-mismatch')
  const sentAt = Date.parse(request.time)
  if (!Number.isFinite(sentAt) || Math.abs(nowMs - sentAt) > TIME_WINDOW_MS) throw new Refusal('request-time-out-of-window')

  const terminal = source.kind === 'registered' ? store.one('SELECT public_key, expires_at, suspended FROM terminal WHERE id = ?', request.terminalId) : undefined
  if (source.kind === 'registered' && terminal === undefined) throw new Refusal('terminal-unknown')
  const publicKey = source.kind === 'brought' ? source.publicKey : String(terminal?.['public_key'])
  if (!signatureHolds(publicKey, request)) throw new Refusal('signature-invalid')
  if (terminal !== undefined && Number(terminal['suspended']) === 1) throw new Refusal('terminal-suspended')
  if (source.kind === 'registered' && !source.expiredAllowed && Number(terminal?.['expires_at']) <= nowMs) throw new Refusal('registration-expired')

  store.run('DELETE FROM nonce WHERE seen_at < ?', nowMs - 2 * TIME_WINDOW_MS)
  if (store.run('INSERT OR IGNORE INTO nonce(terminal_id, nonce, seen_at) VALUES (?, ?, ?)', request.terminalId, request.nonce, nowMs) === 0) {
    throw new Refusal('nonce-replayed')
  }
}

export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}

function signatureHolds(publicKeyBase64: string, request: GuardedRequest): boolean {
  const raw = Buffer.from(publicKeyBase64, 'base64')
  const signature = Buffer.from(request.signature, 'base64')
  if (raw.length !== 32 || signature.length !== 64) return false
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
    return verify(null, Buffer.from(signedText(request)), key, signature)
  } catch {
    // 32 bytes that are no point of the curve: as wrong as any other key.
    return false
  }
}
