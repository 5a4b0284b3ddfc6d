import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { documentKindsOf } from './document-kind.ts'
import type { RecognisedLine } from './engine.ts'
import { wantedLines } from './wanted-lines.ts'

const KINDS = new URL('../../assets/ocr/kinds/', import.meta.url)
const kinds = documentKindsOf(readdirSync(KINDS).map((name) => ({ name, json: JSON.parse(readFileSync(new URL(name, KINDS), 'utf8')) as unknown })))
const lease = kinds.filter(({ id }) => id === 'residence-lease')
const register = kinds.filter(({ id }) => id === 'household-register-page')

const HEIGHT = 30
/** A long line of which only the beginning was read. */
function head(text: string, top: number, left = 200): RecognisedLine {
  return { ...short(text, top, left), box: { left, top, right: left + 40 * HEIGHT, bottom: top + HEIGHT }, extent: 'head' }
}
function short(text: string, top: number, left = 200): RecognisedLine {
  const characters = [...text].map((sign, index) => ({ text: sign, confidence: 1, box: { left: left + index * HEIGHT, top, right: left + (index + 1) * HEIGHT - 3, bottom: top + HEIGHT } }))
  return { box: { left, top, right: left + [...text].length * HEIGHT, bottom: top + HEIGHT }, characters, extent: 'whole' }
}

it('a contract: lines with labels and what may be the rest of an address, not its clauses', () => {
  const lines = [
    short('房屋租赁合同', 100), head('出租方(甲方):何建国', 200), short('建筑面积:86.50平方米', 300), head('房屋坐落:示范市示范区', 400), head('号3幢502室,含全部', 450),
    head('甲乙双方经协商一致', 800), head('乙方承租该房屋作居', 900),
  ]
  expect(wantedLines(lines, lease)).toEqual([1, 3, 4])
})

it('a value beside a label', () => {
  expect(wantedLines([short('常住人口登记卡', 100), short('住址', 200), head('示范市示范区长宁路', 203, 400), head('本页由户口登记机关', 900)], register)).toEqual([2])
})

it('all, when no label is known: the paper may be read badly', () => {
  expect(wantedLines([head('今日午餐菜单青椒', 100), head('豆腐汤米饭', 200)], lease)).toEqual([0, 1])
})

it('nothing, when every line was read whole', () => {
  expect(wantedLines([short('房屋租赁合同', 100)], lease)).toEqual([])
})
