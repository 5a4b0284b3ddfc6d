import { describe, expect, it } from 'vitest'
import { staffAccountsSchema } from './accounts.ts'
import { forecast } from './consumables.ts'
import { isOpenAt, nextTurn } from './hours.ts'
import { readinessReport } from './report.ts'
import { journalSentence } from './sentences.ts'
import { testPage } from './test-page.ts'

const DAY = 86_400_000
/** 2026-01-01T08:00 in China. */
const EIGHT = 1_767_225_600_000
const at = (hour: number, minute = 0): number => EIGHT + ((hour - 8) * 60 + minute) * 60_000

describe('service hours', () => {
  const day = { open: '08:30', close: '17:00' }
  const night = { open: '20:00', close: '06:00' }

  it.each([[8, 29, false], [8, 30, true], [16, 59, true], [17, 0, false], [0, 0, false]] as const)('by day at %i:%i', (hour, minute, open) => expect(isOpenAt(day, at(hour, minute))).toBe(open))
  it.each([[19, 59, false], [20, 0, true], [0, 0, true], [5, 59, true], [6, 0, false]] as const)('past midnight at %i:%i', (hour, minute, open) => expect(isOpenAt(night, at(hour, minute))).toBe(open))
  it('never closes when it opens as it closes', () => {
    expect(isOpenAt({ open: '09:00', close: '09:00' }, at(3))).toBe(true)
    expect([nextTurn('24h', EIGHT), nextTurn({ open: '09:00', close: '09:00' }, EIGHT)]).toEqual([undefined, undefined])
  })
  it('knows when it turns next', () => {
    expect(nextTurn(day, at(8))).toBe(at(8, 30))
    expect(nextTurn(day, at(8, 30))).toBe(at(17))
    expect(nextTurn(day, at(17))).toBe(at(8, 30) + DAY)
    expect(nextTurn(night, at(23))).toBe(at(6) + DAY)
  })
})

describe('the forecast of a roll', () => {
  const roll = { kind: 'roll', loaded: 80, loadedAt: EIGHT - DAY, used: 20 } as const

  it('goes by the pace of the last days', () => {
    expect(forecast(roll, 35, EIGHT - 30 * DAY, EIGHT)).toEqual({ kind: 'roll', left: 0.75, amountLeft: 60, amountLoaded: 80, loadedAt: EIGHT - DAY, runsOutAt: EIGHT + 12 * DAY })
  })
  it('goes by what is known when it is less than seven days', () => {
    expect(forecast(roll, 20, EIGHT - DAY, EIGHT).runsOutAt).toBe(EIGHT + 3 * DAY)
  })
  it('says nothing from nothing', () => {
    expect(forecast(roll, 0, EIGHT - DAY, EIGHT).runsOutAt).toBeUndefined()
    expect(forecast(roll, 5, EIGHT - 60_000, EIGHT).runsOutAt).toBeUndefined()
    expect(forecast({ ...roll, loaded: undefined }, 20, EIGHT - DAY, EIGHT)).toMatchObject({ left: undefined, amountLeft: undefined, runsOutAt: undefined })
  })
  it('is empty, not less than empty', () => {
    expect(forecast({ ...roll, used: 90 }, 20, EIGHT - DAY, EIGHT)).toMatchObject({ left: 0, amountLeft: 0, runsOutAt: EIGHT })
  })
})

describe('the accounts file', () => {
  const pin = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`
  const account = { number: '1001', name: '值班员', role: 'clerk', pin }
  const takes = (changes: object): boolean => staffAccountsSchema.safeParse({ accounts: [{ ...account, ...changes }] }).success

  it('takes what is strong enough and nothing else', () => {
    expect(takes({})).toBe(true)
    expect(takes({ pin: pin.replace('m=19456', 'm=47104').replace('t=2', 't=1') })).toBe(true)
    expect(takes({ pin: pin.replace('m=19456', 'm=4096') })).toBe(false)
    expect(takes({ pin: pin.replace('t=2', 't=1') })).toBe(false)
    expect(takes({ pin: pin.replace('t=2', 't=900') })).toBe(false)
    expect(takes({ pin: pin.replace('argon2id', 'argon2i') })).toBe(false)
    expect(takes({ pin: '123456' })).toBe(false)
    expect(takes({ totp: 'JBSWY3DPEHPK3PXP' })).toBe(false)
    expect(takes({ role: 'admin' })).toBe(false)
  })
  it('gives each number once', () => {
    expect(staffAccountsSchema.safeParse({ accounts: [account, account] }).success).toBe(false)
  })
})

describe('words and papers of staff', () => {
  it('say an act of the journal in words, with ids as they are', () => {
    expect(journalSentence({ act: 'device-out', about: 'scanner-2 cleaning', result: 'done' })).toEqual({ 'zh-CN': '设备停用（scanner-2 清洁）：完成', en: 'Device taken out of service (scanner-2 cleaning): done' })
    expect(journalSentence({ act: 'bundle', about: '', result: 'failed' }).en).toBe('Diagnostic bundle made: failed')
  })

  it('tell each step of a self-test, and the verdict', () => {
    const words = { 'zh-CN': '读卡器：读卡', en: 'Reader: reading' }
    const step = (state: 'passed' | 'failed' | 'skipped') => ({ id: state, device: undefined, name: words, state, detail: undefined })
    const view = { about: 'all', startedAt: EIGHT, state: 'ended' as const, steps: [step('passed'), step('failed'), step('skipped')], question: undefined, passed: false }
    const report = readinessReport(view, { terminalId: 'DEMO', hall: words, software: '1', staff: '1001' }, 'en')
    expect(report).toMatchObject({ number: 'TEST-20260101080000', unlimited: true })
    expect(report.blocks.flatMap((block) => (block.kind === 'item' ? [block.text] : []))).toEqual(['Reader: reading passed', 'Reader: reading failed', 'Reader: reading not done'])
    expect(JSON.stringify(report)).toContain('Not ready')
  })

  it('make a PDF whose cross references fit', () => {
    const pdf = Buffer.from(testPage(['Test (1) \\ 测试', 'x'])).toString('latin1')
    const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1])
    expect(pdf.slice(start, start + 4)).toBe('xref')
    const offsets = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n/gm)].map((match) => Number(match[1]))
    expect(offsets.map((offset, index) => pdf.slice(offset).startsWith(`${index + 1} 0 obj`))).toEqual([true, true, true, true, true])
    const [, length, content] = /Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(pdf) ?? []
    expect(content).toHaveLength(Number(length))
    expect(pdf).toContain('(Test \\(1\\) \\\\ ??) Tj')
  })
})
