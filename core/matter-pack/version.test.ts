import { describe, expect, it } from 'vitest'
import { compareVersions } from './version.ts'

describe('versions of packs', () => {
  it('are ordered by number, not by letter', () => {
    expect(['1.10.0', '1.9.0', '2.0.0', '1.9.10', '1.9.9'].toSorted(compareVersions)).toEqual(['1.9.0', '1.9.9', '1.9.10', '1.10.0', '2.0.0'])
    expect(compareVersions('1.0.0', '1.0.0')).toBe(0)
  })
})
