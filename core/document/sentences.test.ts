import { describe, expect, it } from 'vitest'
import { FIELD_DOUBTS } from './reading.ts'
import { documentReadSentence, documentReadStaffSentence, fieldDoubtSentence } from './sentences.ts'

const register = { 'zh-CN': '户口簿本人页', en: 'Household register, page of the person' }
const marriage = { 'zh-CN': '结婚证', en: 'Marriage certificate' }

describe('the wrong paper', () => {
  it('is named together with the one that is needed', () => {
    const sentence = documentReadSentence({ kind: 'other-document', found: 'marriage-certificate' }, { wanted: register, found: marriage })
    expect(sentence['zh-CN']).toBe('这是结婚证，这里需要的是户口簿本人页。请换上户口簿本人页，再来一次。')
    expect(sentence.en).toContain('Marriage certificate')
    expect(sentence.en).toContain('Household register, page of the person')
    expect(documentReadStaffSentence({ kind: 'other-document', found: 'marriage-certificate' }, { wanted: register, found: marriage })['zh-CN']).toContain('结婚证')
  })
  it('is only said not to be the right one where nobody knows it', () => {
    expect(documentReadSentence({ kind: 'other-document' }, { wanted: register })['zh-CN']).toContain('没有认出')
  })
})

it('every doubt has a sentence of its own', () => {
  const sentences = FIELD_DOUBTS.map((doubt) => fieldDoubtSentence(doubt)['zh-CN'])
  expect(new Set(sentences).size).toBe(FIELD_DOUBTS.length)
})
