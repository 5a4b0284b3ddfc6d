import { describe, expect, it } from 'vitest'
import { signedText, targetOf } from './signature.ts'

describe('what is signed', () => {
  it('takes path and query byte for byte as they are sent', () => {
    expect(targetOf('https://host:8443/base/v1/cases?a=%20&b=1#part')).toBe('/base/v1/cases?a=%20&b=1')
    expect(targetOf('http://127.0.0.1:1')).toBe('/')
  })

  it('changes with every part', () => {
    const parts = { method: 'post', target: '/v1/cases', terminalId: 'T-0001', time: '2026-01-01T00:00:00.000Z', nonce: 'n', contentDigest: 'd', idempotencyKey: '"k"' }
    const texts = new Set([parts, ...(Object.keys(parts) as (keyof typeof parts)[]).map((part) => ({ ...parts, [part]: `${parts[part]}x` })), { ...parts, idempotencyKey: undefined }].map(signedText))
    expect(texts.size).toBe(9)
    expect(signedText(parts)).toMatch(/^one-window-v1\nPOST\n/)
  })
})
