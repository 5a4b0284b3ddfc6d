import { expect, test } from 'vitest'
import { text } from '../text/local-text.ts'
import { searchKeys } from './search.ts'

const permit = { name: text('居住证申领、签注、换补领', 'Residence permit: apply, renew, replace'), shortName: text('居住证', 'Residence permit'), keywords: ['暂住证', '五险1金', '绿卡'] }

test('a matter is found by characters, full pinyin and initials', () => {
  const keys = searchKeys(permit, text('演示市公安局', 'Police'))
  for (const key of ['居住证', 'juzhuzheng', 'jzz', '签注', 'qianzhu', 'qz', 'zanzhuzheng', 'zzz', 'residencepermit', 'yanshishigonganju', 'yssgaj', 'police', 'lvka']) expect(keys).toContain(key)
})

test('words with more than one reading are read as in the word', () => {
  expect(searchKeys({ name: text('银行卡', 'Bank card'), shortName: text('重庆', 'Chongqing'), keywords: [] })).toEqual(expect.arrayContaining(['yinhangka', 'yhk', 'chongqing', 'cq']))
})

test('keys are worked out once for each matter', () => {
  expect(searchKeys(permit)).toBe(searchKeys(permit))
  expect(searchKeys(permit)).not.toBe(searchKeys(permit, text('演示市公安局', 'Police')))
})
