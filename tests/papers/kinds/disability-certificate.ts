import { dateInDigits, dateInPaddedDigits } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, photo, seal } from '../paper.ts'

/** GB/T 26341: the digit of the certificate number stands for the kind. */
const CATEGORIES = [['视力', '1'], ['听力', '2'], ['言语', '3'], ['肢体', '4'], ['智力', '5'], ['精神', '6'], ['多重', '7']] as const
const LEVELS = [['一级', '1'], ['二级', '2'], ['三级', '3'], ['四级', '4']] as const

/** 残疾人证, the opened booklet: the person on the left or above, guardian and issuer on the right or below. */
export const disabilityCertificate: PaperPlan = ({ chance, faces, rareName }) => {
  const holder = person(chance, { bornFrom: 1938, bornTo: 2015, rareName })
  const guardian = person(chance, { bornFrom: 1950, bornTo: 1995 })
  const [category, categoryDigit] = chance.pick(CATEGORIES)
  const [level, levelDigit] = chance.pick(LEVELS)
  const issued = dateBetween(chance, 2016, 2024)
  const until = `${Number(issued.slice(0, 4)) + 10}${issued.slice(4)}`
  const date = chance.happens(0.6) ? dateInDigits : dateInPaddedDigits
  const categoryPrinted = chance.happens(0.5) ? category : `${category}残疾`
  const issuer = chance.pick(['示范市示范区残疾人联合会', '示例县残疾人联合会', '示范市明德区残疾人联合会', '长宁市残疾人联合会'])
  const withGuardian = chance.happens(0.6)
  const label = (x: number, y: number, text: string): string => at({ x, y, size: 3.6, font: faces.song, style: 'color:#3d2a20' }, text)
  const value = (x: number, y: number, content: string, width?: number): string => at({ x, y, size: 3.8, font: faces.hei, ...(width === undefined ? {} : { width }) }, content)
  const numberLabel = chance.pick(['残疾人证号', '证号', '残疾人证号'])
  const left = (x: number, y: number): string => `
    ${label(x, y, '姓&emsp;名')}${value(x + 17, y, field('name', holder.name))}${label(x + 56, y, '性别')}${value(x + 66, y, field('sex', holder.sex))}
    ${label(x, y + 9, numberLabel)}${value(x + 22, y + 9, field('certificateNumber', `${holder.number}${categoryDigit}${levelDigit}`))}
    ${label(x, y + 18, '残疾类别')}${value(x + 17, y + 18, field('category', categoryPrinted))}${label(x + 42, y + 18, '残疾等级')}${value(x + 60, y + 18, field('level', level))}
    ${label(x, y + 27, chance.pick(['家庭住址', '住&emsp;址']))}${value(x + 17, y + 27, field('address', holder.address), 56)}`
  const right = (x: number, y: number): string => `
    ${label(x, y, '监&thinsp;护&thinsp;人')}${withGuardian ? value(x + 19, y, field('guardian', guardian.name)) : ''}
    ${label(x, y + 9, '联系电话')}${withGuardian ? value(x + 19, y + 9, field('guardianPhone', guardian.phone)) : ''}
    ${label(x, y + 18, '批准残联')}${value(x + 19, y + 18, field('issuer', issuer))}
    ${label(x, y + 27, chance.pick(['签发日期', '批准日期']))}${value(x + 19, y + 27, field('issuedDate', date(issued), issued))}
    ${label(x, y + 36, chance.pick(['有效期至', '有效期限']))}${value(x + 19, y + 36, field('validUntil', date(until), until))}`
  const marked = rareName ? (['rare-name'] as const) : []
  const title = chance.happens(0.5) ? '中华人民共和国残疾人证' : '残疾人证'
  if (chance.happens(0.5)) {
    const body = `${guilloche(190, 130, '#e9d2cc')}${at({ x: 20, y: 8, size: 5.4, font: faces.song, style: 'font-weight:700;letter-spacing:1mm;color:#a02525' }, title)}
      ${photo(34, 22, 25, 33)}${left(12, 64)}<i class="l" style="left:95mm;top:0;width:.2mm;height:130mm;background:#d9b9b0"></i>${right(106, 30)}
      ${seal(150, 94, issuer, chance.whole(-15, 15), 16)}`
    return { kind: 'disability-certificate', widthMm: 190, heightMm: 130, html: page('#fcf5f0', '#1d1917', body), marked }
  }
  const body = `${guilloche(125, 176, '#e9d2cc')}${at({ x: title.length > 6 ? 24 : 44, y: 9, size: 6, font: faces.song, style: 'font-weight:700;letter-spacing:1.2mm;color:#a02525' }, title)}
    ${photo(90, 24, 24, 31)}${left(12, 62)}${right(12, 108)}${seal(94, 138, issuer, chance.whole(-15, 15), 15)}`
  return { kind: 'disability-certificate', widthMm: 125, heightMm: 176, html: page('#fcf5f0', '#1d1917', body), marked }
}
