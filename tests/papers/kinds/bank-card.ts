import { cardNumber } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, page } from '../paper.ts'
import { CARD_MM } from './id-card.ts'

const BANKS = ['示范银行', '示例农村商业银行', '长宁银行', '示范储蓄银行']
/** Background and ink; light cards carry dark print and the other way round. */
const COLOURS = [['#e9edf3', '#23303f'], ['#f4ead6', '#4a3415'], ['#dcefe4', '#123d2a'], ['#1f4e8c', '#f5f7fa'], ['#8c1d2c', '#fdf3e1'], ['#2b2b30', '#e8e2cf']] as const

/** A debit card with a flat printed number: 16 or 19 digits in groups of four. */
export const bankCard: PaperPlan = ({ chance, faces }) => {
  const [background, ink] = chance.pick(COLOURS)
  const number = cardNumber(chance, chance.pick([16, 19] as const))
  const groups = number.match(/.{1,4}/g)?.join(' ') ?? number
  const size = number.length === 16 ? 5 : 4.4
  const y = 27 + chance.next() * 6
  const body = `<svg class="s" style="left:0;top:0;width:85.6mm;height:54mm" viewBox="0 0 85.6 54"><path d="M0 40 C20 30 50 50 85.6 34 V54 H0Z" fill="${ink}" opacity=".07"/><circle cx="70" cy="10" r="16" fill="${ink}" opacity=".05"/></svg>
    ${at({ x: 6, y: 5, size: 5, font: faces.hei, style: 'font-weight:700' }, chance.pick(BANKS))}
    ${at({ x: 62, y: 6, size: 3.2, font: faces.hei }, chance.pick(['借记卡', '储蓄卡', '一卡通']))}
    <svg class="s" style="left:7mm;top:15mm;width:11mm;height:8.5mm" viewBox="0 0 22 17"><rect width="22" height="17" rx="2.6" fill="#c9a95c"/><path d="M0 6H8M0 11H8M14 6H22M14 11H22M8 0V17M14 0V17" stroke="#7d6429" stroke-width=".7" fill="none"/></svg>
    ${at({ x: 6.5, y, size, font: chance.happens(0.6) ? faces.digits : faces.hei, style: `white-space:pre;letter-spacing:${number.length === 16 ? 0.5 : 0.1}mm` }, field('number', groups, number))}
    ${at({ x: 62, y: 45, size: 4, font: faces.hei, style: 'font-weight:700' }, '银联')}
    ${chance.happens(0.5) ? at({ x: 6.5, y: 45.5, size: 2.8, font: faces.hei }, `有效期至 ${String(chance.whole(1, 12)).padStart(2, '0')}/${chance.whole(27, 36)}`) : at({ x: 6.5, y: 46, size: 2.5, font: faces.hei }, '客服热线 95000')}`
  return { kind: 'bank-card', ...CARD_MM, html: page(background, ink, body), marked: [] }
}
