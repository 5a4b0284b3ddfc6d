import { describe, expect, it } from 'vitest'
import type { MatterSummary } from '../../../core/kiosk-api/snapshot.ts'
import { text } from '../../../core/text/local-text.ts'
import { normalise, searchMatters } from './search.ts'

function matter(id: string, zh: string, en: string, searchKeys: readonly string[], state: 'available' | 'unavailable' = 'available'): MatterSummary {
  return { id, name: text(zh, en), shortName: text(zh, en), summary: text(`${zh}的说明`, `About ${en}`), department: 'd', lifeEvents: ['home'], searchKeys, availability: state === 'available' ? { state } : { state, reasons: [text('停', 'Down')] } }
}

const residence = matter('M05', '居住证申领', 'Residence permit', ['居住证申领', 'juzhuzhengshenling', 'jzzsl', '暂住证'])
const insurance = matter('M01', '社会保险参保缴费证明', 'Social insurance proof', ['社保', 'shebao', 'sb', '社会保险参保缴费证明', 'shehuibaoxiancanbaojiaofeizhengming', 'shbxcbjfzm'])
const elder = matter('M12', '老年人优待证', 'Elder card', ['老年人优待证', 'laonianrenyoudaizheng', 'lnrydz'])
const all = [insurance, residence, elder]

function found(query: string): readonly string[] {
  return searchMatters(all, query).map(({ id }) => id)
}

describe('finding a matter', () => {
  it.each([
    ['居住证', ['M05']],
    ['jzz', ['M05']],
    ['juzhu', ['M05']],
    ['暂住', ['M05']],
    ['LNR', ['M12']],
    ['Elder', ['M12']],
    ['residence permit', ['M05']],
    ['sb', ['M01']],
    ['ｓｈｅｂａｏ', ['M01']],
    ['离婚', []],
  ] as const)('finds by "%s"', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it('gives everything in the order of the pack while nothing is typed', () => {
    expect(found('  ')).toEqual(['M01', 'M05', 'M12'])
  })

  it('puts the exact key before one that only begins so, and that before one that contains it', () => {
    const exact = matter('A', '甲', 'A', ['zm'])
    const begins = matter('B', '乙', 'B', ['zmk'])
    const contains = matter('C', '丙', 'C', ['xxzm'])
    expect(searchMatters([contains, begins, exact], 'zm').map(({ id }) => id)).toEqual(['A', 'B', 'C'])
  })

  it('puts what can be done now before what cannot', () => {
    const down = matter('X', '证一', 'X', ['zheng'], 'unavailable')
    const up = matter('Y', '证二', 'Y', ['zheng'])
    expect(searchMatters([down, up], 'zheng').map(({ id }) => id)).toEqual(['Y', 'X'])
  })

  it('does not find everything by one Latin letter inside a word', () => {
    expect(found('j')).toEqual(['M05'])
  })

  it('wants every word', () => {
    expect(found('社保 缴费')).toEqual(['M01'])
    expect(found('社保 居住')).toEqual([])
  })

  it('normalises width, case, spaces and marks', () => {
    expect(normalise('　J Z－Z。')).toBe('jzz')
  })
})
