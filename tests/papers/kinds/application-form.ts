import { amountValue, dateInDigits, dateWithDots } from '../words.ts'
import { address, cardNumber, dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, page } from '../paper.ts'

const LEVELS = [100, 200, 300, 500, 700, 1000, 1500, 2000, 3000]
const BANKS = ['示范银行长宁支行', '示例农村商业银行青石分理处', '长宁银行营业部', '示范储蓄银行示范区支行']

/** 城乡居民基本养老保险参保登记表: a ruled form, labels printed, values filled in by machine in another face. */
export const applicationForm: PaperPlan = ({ chance, faces, rareName }) => {
  const applicant = person(chance, { bornFrom: 1962, bornTo: 2007, rareName })
  const contact = person(chance)
  const applied = dateBetween(chance, 2023, 2025)
  const filled = chance.pick([faces.kai, faces.song, faces.hei])
  const date = chance.pick([dateInDigits, dateInDigits, dateWithDots])
  const yuan = chance.pick(LEVELS)
  const height = 11.5 + chance.next() * 1.5
  const cell = 'border:.3mm solid #222;padding:0 1.8mm;'
  const label = (text: string, span = 1): string => `<th class="r" colspan="${span}" style="${cell}font:3.8mm/1.3 ${faces.song};text-align:center">${text}</th>`
  const value = (content: string, span = 1): string => `<td class="r" colspan="${span}" style="${cell}font:4.1mm/1.35 ${filled};word-break:break-all">${content}</td>`
  const row = (cells: string): string => `<tr style="height:${height}mm">${cells}</tr>`
  const box = (checked: boolean, text: string): string => `<span class="r">${checked ? '☑' : '☐'}${text}</span>`
  const special = chance.whole(0, 4)
  const rows = [
    row(label('姓　名') + value(field('name', applicant.name)) + label('性　别') + value(field('sex', applicant.sex)) + label('民　族') + value(field('nation', `${applicant.nation}${chance.happens(0.5) ? '族' : ''}`))),
    row(label('出生日期') + value(field('birthDate', date(applicant.birth), applicant.birth), 2) + label(chance.pick(['联系电话', '手机号码'])) + value(field('phone', applicant.phone), 2)),
    row(label(chance.pick(['公民身份号码', '身份证号码'])) + value(field('number', applicant.number), 5)),
    row(label(chance.pick(['户籍地址', '户籍所在地'])) + value(field('householdAddress', applicant.address), 5)),
    row(label(chance.pick(['居住地址', '现居住地址'])) + value(field('address', chance.happens(0.4) ? applicant.address : address(chance)), 5)),
    row(label('特殊群体') + `<td colspan="5" style="${cell}font:3.8mm/1.35 ${faces.song};white-space:nowrap">${['无', '重度残疾人', '低保对象', '特困人员', '返贫致贫人口'].map((text, index) => box(index === special, text)).join('&emsp;')}</td>`),
    row(label(chance.pick(['缴费档次', '缴费标准'])) + value(field('level', `${yuan}元/年`, amountValue(yuan)), 2) + label('缴费方式') + `<td colspan="2" style="${cell}font:3.8mm/1.35 ${faces.song};white-space:nowrap">${box(true, '银行代扣')}&emsp;${box(false, '自行缴纳')}</td>`),
    row(label('开户银行') + value(field('bank', chance.pick(BANKS)), 5)),
    row(label(chance.pick(['银行账号', '社会保障卡银行账号'])) + value(field('account', cardNumber(chance, 19)), 5)),
    row(label('联系人') + value(field('contact', contact.name), 2) + label('联系人电话') + value(field('contactPhone', contact.phone), 2)),
  ].join('')
  const body = `${at({ x: 45, y: 22, size: 6.4, font: faces.song, style: 'font-weight:700;letter-spacing:.4mm' }, '城乡居民基本养老保险参保登记表')}
    ${at({ x: 22, y: 38, size: 3.8, font: faces.song }, '参保地：示范市示范区')}${at({ x: 132, y: 38, size: 3.8, font: faces.song }, `${chance.pick(['填表日期', '申请日期'])}：${field('applicationDate', date(applied), applied)}`)}
    <table class="b" style="left:20mm;top:46mm;width:170mm;table-layout:fixed"><colgroup><col style="width:28mm"><col style="width:32mm"><col style="width:22mm"><col style="width:28mm"><col style="width:24mm"><col style="width:36mm"></colgroup>${rows}</table>
    ${at({ x: 22, y: 62 + height * 10 + 12, size: 3.8, font: faces.song, width: 166 }, '本人承诺：以上填写内容真实、准确，愿意参加城乡居民基本养老保险，按选定档次按年缴费；如有变动，及时到社会保险经办机构办理变更登记。')}
    ${at({ x: 112, y: 62 + height * 10 + 36, size: 4, font: faces.song }, `申请人（签字）：<span style="font-family:${faces.kai}">${applicant.name}</span>`)}
    ${at({ x: 22, y: 62 + height * 10 + 52, size: 3.4, font: faces.song, width: 166 }, '填表说明：一、本表由参保人员本人填写，代办的应当注明；二、居住地址与户籍地址相同的，可以填写“同上”；三、缴费档次一个年度内只能变更一次。')}`
  return { kind: 'application-form', widthMm: 210, heightMm: 297, html: page('#fdfdfb', '#17171a', body), marked: rareName ? ['rare-name'] : [] }
}
