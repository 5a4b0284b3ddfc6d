import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { buildDictionary, DICTIONARY_PATH } from './build-pinyin.ts'

it('the checked-in dictionary is what the builder makes', { timeout: 120_000 }, () => {
  expect(Buffer.compare(buildDictionary(), readFileSync(DICTIONARY_PATH))).toBe(0)
})
