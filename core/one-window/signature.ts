/** What a signature covers. `contentDigest` is the header's value, `idempotencyKey` the header's value or undefined. */
export interface SignedParts {
  readonly method: string
  /** Path and query exactly as sent, from the first slash after the host. */
  readonly target: string
  readonly terminalId: string
  readonly time: string
  readonly nonce: string
  readonly contentDigest: string
  readonly idempotencyKey: string | undefined
}

/**
 * The text that a terminal signs and the backend verifies (contract: "Every request is signed"). Both sides build it with
 * this one function. None of the parts can hold a line feed: header values and request targets cannot.
 */
export function signedText(parts: SignedParts): string {
  return [
    'one-window-v1',
    parts.method.toUpperCase(),
    parts.target,
    parts.terminalId,
    parts.time,
    parts.nonce,
    parts.contentDigest,
    parts.idempotencyKey ?? '-',
  ].join('\n')
}

/** Path and query of an absolute http(s) address, byte for byte as they stand in it. */
export function targetOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  if (slash < 0) return '/'
  const hash = url.indexOf('#', slash)
  return hash < 0 ? url.slice(slash) : url.slice(slash, hash)
}

/** `Content-Digest` (RFC 9530) from the base64 SHA-256 of the body. */
export function contentDigestHeader(sha256Base64: string): string {
  return `sha-256=:${sha256Base64}:`
}

/** An idempotency key as a structured-field string (RFC 8941 section 3.3.3): with quotation marks. */
export function idempotencyKeyHeader(key: string): string {
  return `"${key}"`
}
