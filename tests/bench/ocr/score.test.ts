import { describe, expect, test } from 'vitest'
import type { Truth } from '../../../sandbox/papers/truth.ts'
import type { PageOutcome } from './messages.ts'
import { comparable, editsToBestPart, isIdentifying, scoreCharacters, standsIn } from './score.ts'
import { ratesOf, scorePage } from './tally.ts'

describe('characters, whatever the order of the lines', () => {
  test('a line that stands anywhere costs nothing', () => {
    expect(scoreCharacters(['姓名', '周桂兰', '住址'], '住 址 周桂兰\n姓名')).toEqual({ printed: 7, wrong: 0 })
  })

  test('one changed, one dropped and one added sign cost one each', () => {
    expect(editsToBestPart('人民东路', '在人民车路上')).toBe(1)
    expect(editsToBestPart('人民东路', '在人民路上')).toBe(1)
    expect(editsToBestPart('人民东路', '在人民大东路上')).toBe(1)
  })

  test('nothing read costs the whole line', () => {
    expect(scoreCharacters(['周桂兰'], '')).toEqual({ printed: 3, wrong: 3 })
  })

  test('forms of one mark are no mistakes', () => {
    expect(comparable('（甲方）：买买提•吐尔逊 ｘ')).toBe('(甲方):买买提·吐尔逊X')
  })

  test('every printed line of a value must stand in the text', () => {
    expect(standsIn(['示范市示范区', '青年路26号'], '青年路26号…示范市示范区')).toBe(true)
    expect(standsIn(['示范市示范区', '青年路26号'], '示范市示范区青年路28号')).toBe(false)
  })

  test('numbers that name somebody', () => {
    expect(['number', 'landlordNumber', 'creditCode', 'tenantPhone', 'account', 'certificateNumber', 'amount', 'name', 'address'].filter(isIdentifying)).toEqual(['number', 'landlordNumber', 'creditCode', 'tenantPhone', 'account', 'certificateNumber'])
  })
})

describe('a page', () => {
  const box = { left: 0, top: 0, right: 1, bottom: 1 }
  const truth: Truth = {
    kind: 'id-card-front', seed: 1, state: 'clean300', dpi: 300, width: 1, height: 1, marked: [], lines: [{ text: '周桂兰', box }],
    fields: [{ id: 'name', value: '周桂兰', lines: ['周桂兰'], box }, { id: 'number', value: '990101195803120027', lines: ['990101195803120027'], box }],
  }
  const outcome = (fields: PageOutcome['fields']): PageOutcome => ({ answer: 'id-card-front', fields, wallMs: 0, cpuMs: 0, lookMs: 0, text: '', kindOfAll: '', rssMb: 0, peakMb: 0 })

  test('a wrong value counts as wrong but sure only when it was said to be sure', () => {
    const sure = scorePage(truth, '周桂兰', outcome([{ field: 'name', value: '周桂芝', state: 'sure' }, { field: 'number', value: '990101195803120027', state: 'sure' }]))
    expect(sure).toMatchObject({ exact: 1, wrongButSure: ['name'], sureExact: 1, missed: ['name'], numbersExact: 1 })
    const unsure = scorePage(truth, '周桂兰', outcome([{ field: 'name', value: '周桂芝', state: 'unsure' }]))
    expect(unsure).toMatchObject({ exact: 0, wrongButSure: [], missed: ['name', 'number'] })
  })

  test('a sure value for a field that the page does not have is wrong', () => {
    expect(scorePage(truth, '', outcome([{ field: 'sex', value: '女', state: 'sure' }])).wrongButSure).toEqual(['sex'])
  })

  test('rates are over all fields, not the mean of the pages', () => {
    const one = scorePage(truth, '周桂兰', outcome([{ field: 'name', value: '周桂兰', state: 'unsure' }, { field: 'number', value: '990101195803120027', state: 'sure' }]))
    const none = { ...one, fields: 6, exact: 0, sureExact: 0, wrongButSure: ['a', 'b'] }
    expect(ratesOf([one, none])).toMatchObject({ pages: 2, fields: 8, fieldsExact: 0.25, wrongButSure: 0.25, sureAndExact: 0.125 })
  })
})
