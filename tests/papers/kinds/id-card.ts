import { dateWithDots } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, photo } from '../paper.ts'

/** ISO/IEC 7810 ID-1. */
export const CARD_MM = { widthMm: 85.6, heightMm: 54 }
const LABEL = '#2f6ea5'

/** 居民身份证, the side with the portrait: blue labels printed beforehand, black values, the address in up to three lines. */
export const idCardFront: PaperPlan = ({ chance, faces, rareName }) => {
  const holder = person(chance, { rareName })
  const left = 6.2 + chance.next()
  const value = left + 10
  const size = 2.9 + chance.next() * 0.2
  const [year = '', month = '', day = ''] = holder.birth.split('-')
  const label = (y: number, text: string, x = left): string => at({ x, y, size: 2.75, font: faces.hei, style: `color:${LABEL}` }, text)
  const text = (y: number, content: string, x = value, style = ''): string => at({ x, y, size, font: faces.hei, style }, content)
  // The day of birth is one line on the card: digits in black between the blue 年 月 日.
  const unit = (word: string): string => `<b style="font-weight:400;color:${LABEL};font-size:2.75mm;padding:0 1.1mm">${word}</b>`
  const birth = `<span data-field="birthDate" data-value="${holder.birth}">${year}${unit('年')}${Number(month)}${unit('月')}${Number(day)}${unit('日')}</span>`
  const body = `${guilloche(CARD_MM.widthMm, CARD_MM.heightMm, chance.pick(['#c9dcec', '#cfe3d8', '#dccfe3']), 1.7)}
    ${label(6, '姓&emsp;名')}${text(5.7, field('name', holder.name), value, 'font-size:3.4mm')}
    ${label(12.6, '性&emsp;别')}${text(12.4, field('sex', holder.sex))}${label(12.6, '民&emsp;族', value + 9)}${text(12.4, field('nation', holder.nation), value + 18.5)}
    ${label(19, '出&emsp;生')}${text(18.8, birth)}
    ${label(25.4, '住&emsp;址')}${at({ x: value, y: 25.2, width: size * 11.4, size, font: faces.hei, style: 'line-height:1.45' }, field('address', holder.address))}
    ${label(45.4, '公民身份号码')}${at({ x: left + 22.5, y: 44.8, size: 3.7, font: faces.digits, style: 'letter-spacing:.35mm' }, field('number', holder.number))}
    ${photo(57.4, 8.2, 23, 29)}`
  return { kind: 'id-card-front', ...CARD_MM, html: page('#f3f8fa', '#16181a', body), marked: rareName ? ['rare-name'] : [] }
}

/** 居民身份证, the side with the national emblem; the emblem itself is a plain round stand-in. */
export const idCardBack: PaperPlan = ({ chance, faces }) => {
  const from = dateBetween(chance, 2008, 2025)
  const years = chance.pick([5, 10, 20, 'long-term'] as const)
  const until = years === 'long-term' ? '长期' : `${Number(from.slice(0, 4)) + years}${from.slice(4)}`
  const issuer = chance.pick(['示范市公安局示范分局', '示范市公安局明德分局', '示例县公安局', '示范省长宁市公安局', '云岭县公安局', '北原市公安局东城分局', '示范自治区北原市公安局'])
  const dates = `${field('validFrom', dateWithDots(from), from)}-${field('validUntil', until === '长期' ? until : dateWithDots(until), until)}`
  const label = (y: number, text: string): string => at({ x: 20, y, size: 3.1, font: faces.hei, style: 'font-weight:700;color:#222' }, text)
  const body = `${guilloche(CARD_MM.widthMm, CARD_MM.heightMm, chance.pick(['#c9dcec', '#e6d3d6', '#cfe3d8']), 1.7)}
    <svg class="s" style="left:6mm;top:5mm;width:16mm;height:16mm" viewBox="-10 -10 20 20"><circle r="8.5" fill="#c9302f"/><circle r="6.8" fill="none" stroke="#e8b04a" stroke-width=".7"/><path d="M0 -4.6 L1.1 -1.5 4.4 -1.4 1.8 .6 2.7 3.7 0 1.9 -2.7 3.7 -1.8 .6 -4.4 -1.4 -1.1 -1.5Z" fill="#e8b04a"/></svg>
    ${at({ x: 27, y: 5, size: 5.2, font: faces.song, style: 'font-weight:700;letter-spacing:1.4mm' }, '中华人民共和国')}
    ${at({ x: 27, y: 13.4, size: 7.4, font: faces.song, style: 'font-weight:700;letter-spacing:2.6mm' }, '居民身份证')}
    ${label(37.4, '签发机关')}${at({ x: 38, y: 37.4, size: 3.1, font: faces.hei }, field('issuer', issuer))}
    ${label(45, '有效期限')}${at({ x: 38, y: 45, size: 3.1, font: faces.hei, style: 'letter-spacing:.12mm' }, dates)}`
  return { kind: 'id-card-back', ...CARD_MM, html: page('#f5f7f4', '#1a1a1a', body), marked: [] }
}
