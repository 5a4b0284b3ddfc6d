import { dateInDigits, dateInPaddedDigits } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { Person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, photo, seal } from '../paper.ts'

/**
 * 结婚证, the inner pages. Either the opened booklet (holder, day and number on the left page, the couple on the right one) or
 * one copied page with everything below each other.
 */
export const marriageCertificate: PaperPlan = ({ chance, faces, rareName }) => {
  const couple = chance.happens(0.5) ? (['男', '女'] as const) : (['女', '男'] as const)
  const first = person(chance, { sex: couple[0], bornFrom: 1955, bornTo: 2001, rareName })
  const second = person(chance, { sex: couple[1], bornFrom: 1955, bornTo: 2001 })
  const holder = chance.pick([first, second])
  const year = Math.min(2025, Math.max(Number(first.birth.slice(0, 4)), Number(second.birth.slice(0, 4))) + chance.whole(22, 30))
  const registered = dateBetween(chance, year, year)
  const date = chance.happens(0.5) ? dateInDigits : dateInPaddedDigits
  const certificateNumber = `J990101-${year}-${chance.digits(6)}`
  const numberLabel = chance.pick(['身份证件号', '身份证号', '身份证件号'])
  const label = (x: number, y: number, text: string): string => at({ x, y, size: 3.5, font: faces.song, style: 'color:#5b2a22' }, text)
  const value = (x: number, y: number, content: string): string => at({ x, y, size: 3.7, font: faces.kai, style: 'font-weight:500' }, content)
  const block = (x: number, y: number, who: 'first' | 'second', one: Person): string => `
    ${label(x, y, '姓&emsp;名')}${value(x + 15, y, field(`${who}Name`, one.name))}${label(x + 52, y, '性别')}${value(x + 62, y, field(`${who}Sex`, one.sex))}
    ${label(x, y + 8, '国&emsp;籍')}${value(x + 15, y + 8, '中国')}${label(x + 30, y + 8, '出生日期')}${value(x + 46, y + 8, field(`${who}BirthDate`, date(one.birth), one.birth))}
    ${label(x, y + 16, numberLabel)}${value(x + 21, y + 16, field(`${who}Number`, one.number))}`
  const heads = (x: number, y: number): string => `
    ${label(x, y, '持 证 人')}${value(x + 20, y, field('holder', holder.name))}
    ${label(x, y + 9, '登记日期')}${value(x + 20, y + 9, field('registeredDate', date(registered), registered))}
    ${label(x, y + 18, '结婚证字号')}${value(x + 20, y + 18, field('certificateNumber', certificateNumber))}
    ${label(x, y + 27, '备&emsp;注')}`
  const office = `${chance.pick(['示范市示范区', '示例县', '示范市明德区'])}民政局婚姻登记专用章`
  const marked = rareName ? (['rare-name'] as const) : []
  if (chance.happens(0.6)) {
    const body = `${guilloche(176, 125, '#f0cfc8')}${at({ x: 26, y: 7, size: 7, font: faces.song, style: 'font-weight:700;letter-spacing:4mm;color:#b3261e' }, '结婚证')}
      ${heads(11, 74)}${photo(18, 20, 53, 38, '#c8323a')}<i class="l" style="left:88mm;top:0;width:.2mm;height:125mm;background:#d9b9b0"></i>
      ${block(94, 24, 'first', first)}${block(94, 66, 'second', second)}${seal(chance.whole(54, 66), chance.whole(84, 92), office, chance.whole(-15, 15), 16)}`
    return { kind: 'marriage-certificate', widthMm: 176, heightMm: 125, html: page('#fdf6f1', '#1d1717', body), marked }
  }
  const body = `${guilloche(125, 176, '#f0cfc8')}${at({ x: 42, y: 9, size: 8, font: faces.song, style: 'font-weight:700;letter-spacing:5mm;color:#b3261e' }, '结婚证')}
    ${heads(18, 30)}${block(18, 80, 'first', first)}${block(18, 118, 'second', second)}${photo(80, 28, 32, 24, '#c8323a')}${seal(chance.whole(78, 92), chance.whole(54, 62), office, chance.whole(-15, 15), 15)}`
  return { kind: 'marriage-certificate', widthMm: 125, heightMm: 176, html: page('#fdf6f1', '#1d1717', body), marked }
}
