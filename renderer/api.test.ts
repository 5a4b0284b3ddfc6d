import { describe, expect, it } from 'vitest'
import { takeToken } from './api.ts'

function pageAt(hash: string) {
  const addresses: string[] = []
  return { addresses, location: { hash, pathname: '/', search: '?x=1' }, history: { replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => void addresses.push(String(url)) } }
}

describe('the one-time token', () => {
  it('is taken and leaves the address', () => {
    const page = pageAt('#token=abc-123_~.X')
    expect(takeToken(page)).toBe('abc-123_~.X')
    expect(page.addresses).toEqual(['/?x=1'])
  })

  it('is not taken from anything else, which leaves the address too', () => {
    const page = pageAt('#token=<script>')
    expect(takeToken(page)).toBeUndefined()
    expect(page.addresses).toEqual(['/?x=1'])
  })

  it('leaves an address without a token as it is', () => {
    const page = pageAt('')
    expect(takeToken(page)).toBeUndefined()
    expect(page.addresses).toEqual([])
  })
})
