import { describe, expect, it } from 'vitest'
import { isPageHost } from './api.ts'

describe('the host of the page', () => {
  it('is the page host over HTTP, and the shell over its own protocol', () => {
    expect(isPageHost('http:')).toBe(true)
    expect(isPageHost('kiosk:')).toBe(false)
  })
})
