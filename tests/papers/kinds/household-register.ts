import { dateInDigits } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, seal } from '../paper.ts'

/** A page of the booklet, opened: two pages of 105 mm, one below the other, are printed across its width of 143 mm. */
const PAGE_MM = { widthMm: 143, heightMm: 105 }

const POLICE = ['示范市公安局示范分局', '示例县公安局', '示范省长宁市公安局']
const RELATIONS = ['户主', '配偶', '长子', '次子', '长女', '次女', '父亲', '母亲', '孙子', '孙女', '儿媳']
const SCHOOLING = ['小学', '初中', '高中', '中等专科', '大学专科', '大学本科', '研究生']
const SERVICES = ['示范市第二纺织厂', '示范市长宁小学', '个体经营', '示范市清河区环境卫生管理所', '']

/** 居民户口簿, first page: kind of household, head, number, address. */
export const householdRegisterFirst: PaperPlan = ({ chance, faces, rareName }) => {
  const head = person(chance, { bornTo: 1998, rareName })
  const issued = dateBetween(chance, 1998, 2025)
  const top = 24 + chance.next() * 4
  const label = (x: number, y: number, text: string): string => at({ x, y, size: 3.7, font: faces.song }, text)
  const value = (x: number, y: number, content: string, width?: number): string => at({ x, y, size: 4, font: faces.hei, ...(width === undefined ? {} : { width }) }, content)
  const box = (x: number, y: number, width: number, height: number): string => `<i class="b" style="left:${x}mm;top:${y}mm;width:${width}mm;height:${height}mm;border:.25mm solid #6b4a2c"></i>`
  const body = `${guilloche(PAGE_MM.widthMm, PAGE_MM.heightMm, '#e3d5bd')}
    ${chance.happens(0.6) ? at({ x: 48, y: 8, size: 6, font: faces.song, style: 'font-weight:700;letter-spacing:2.4mm' }, chance.pick(['居民户口簿', '居民户口簿', '户口簿'])) : ''}
    ${box(12, top, 60, 11)}${box(72, top, 60, 11)}${box(12, top + 11, 60, 11)}${box(72, top + 11, 60, 11)}${box(12, top + 22, 120, 13)}
    ${label(14, top + 3, '户&emsp;别')}${value(30, top + 2.8, field('householdType', chance.pick(['家庭户', '非农业家庭户', '家庭户', '居民家庭户', '农业家庭户'])))}
    ${label(74, top + 3, '户主姓名')}${value(94, top + 2.8, field('head', head.name))}
    ${label(14, top + 14, '户&emsp;号')}${value(30, top + 13.8, field('householdNumber', `${chance.whole(1, 9)}${chance.digits(8)}`))}
    ${label(14, top + 25.5, '住&emsp;址')}${value(30, top + 24.4, field('address', head.address), 98)}
    ${at({ x: 20, y: top + 44, size: 3.7, font: faces.song }, chance.pick(['省级公安机关', '省级公安机关户口专用章']))}${at({ x: 84, y: top + 44, size: 3.7, font: faces.song }, '户口登记机关')}
    ${at({ x: 20, y: 94, size: 3.7, font: faces.song }, '承办人签章：')}${at({ x: 76, y: 94, size: 3.7, font: faces.song }, `签发${chance.pick(['日期', '时间'])}：${field('issuedDate', dateInDigits(issued), issued)}`)}
    ${seal(100, top + 52, `${chance.pick(POLICE)}户口专用章`, chance.whole(-20, 20), 15)}`
  return { kind: 'household-register-first', ...PAGE_MM, html: page('#fbf6ea', '#1d1b1a', body), marked: rareName ? ['rare-name'] : [] }
}

/** 常住人口登记卡: the ruled page of one person; the values are typed or printed into the cells. */
export const householdRegisterPage: PaperPlan = ({ chance, faces, rareName }) => {
  const holder = person(chance, { rareName })
  const registered = dateBetween(chance, Math.max(1998, Number(holder.birth.slice(0, 4)) + 1), 2025)
  const value = chance.happens(0.5) ? faces.hei : faces.song
  const place = chance.pick(['示范市示范区', '示范市明德区', '示例县', '示范省长宁市', '云岭县'])
  const full = chance.pick(['住址', '本市（县）其他住址'])
  const cell = (label: string, content: string, labelWidth: number, width: number, span = 1): string =>
    `<th class="r" style="width:${labelWidth}mm;text-align:center;font:2.9mm/1.2 ${faces.song};border:.22mm solid #4d5560;padding:0 .6mm">${label}</th><td class="r" colspan="${span}" style="width:${width}mm;font:3.5mm/1.25 ${value};border:.22mm solid #4d5560;padding:0 1.6mm;word-break:break-all">${content}</td>`
  const row = (cells: string, height = 6.9): string => `<tr style="height:${height}mm">${cells}</tr>`
  const fullWidth = full === '住址'
  const body = `${guilloche(PAGE_MM.widthMm, PAGE_MM.heightMm, '#d5e0e6')}
    ${at({ x: 44, y: 3.4, size: 5, font: faces.song, style: 'font-weight:700;letter-spacing:2.4mm' }, '常住人口登记卡')}
    <table class="b" style="left:8mm;top:12mm;width:127mm;table-layout:fixed">
      ${row(cell('姓名', field('name', holder.name), 22, 46) + cell('户主或与<br>户主关系', field('relation', chance.pick(RELATIONS)), 20, 39), 7.4)}
      ${row(cell('曾用名', '', 22, 46) + cell('性别', field('sex', holder.sex), 20, 39))}
      ${row(cell('出生地', place, 22, 46) + cell('民族', field('nation', holder.nation + (chance.happens(0.5) ? '族' : '')), 20, 39))}
      ${row(cell('籍贯', place, 22, 46) + cell('出生日期', field('birthDate', dateInDigits(holder.birth), holder.birth), 20, 39))}
      ${row(cell(fullWidth ? '住址' : '本市（县）<br>其他住址', field('address', holder.address), 22, 66, 3), 8.6)}
      ${row(cell('公民身份<br>证件编号', field('number', holder.number), 22, 46) + cell('宗教信仰', '', 20, 39), 7.6)}
      ${row(cell('身高', `${chance.whole(150, 188)}厘米`, 22, 46) + cell('血型', chance.pick(['', 'A型', 'B型', 'O型', 'AB型']), 20, 39))}
      ${row(cell('文化程度', chance.pick(SCHOOLING), 22, 46) + cell('婚姻状况', chance.pick(['未婚', '有配偶', '已婚', '丧偶', '离婚']), 20, 39))}
      ${row(cell('兵役状况', chance.pick(['', '未服兵役', '退出现役']), 22, 46) + cell('职业', chance.pick(['教师', '工人', '退休人员', '会计', '无业', '粮农']), 20, 39))}
      ${row(cell('服务处所', chance.pick(SERVICES), 22, 66, 3))}
      ${row(cell('何时由何地<br>迁来本址', chance.happens(0.5) ? `${dateInDigits(dateBetween(chance, 1985, 2020))}由本市${chance.pick(['槐荫街12号', '青年路26号', '旧城路5号'])}迁来` : '', 22, 66, 3), 7.6)}
    </table>
    ${at({ x: 12, y: 97.4, size: 3.3, font: faces.song }, '承办人签章：')}${at({ x: 78, y: 97.4, size: 3.3, font: faces.song }, `登记日期：${field('registeredDate', dateInDigits(registered), registered)}`)}
    ${chance.happens(0.7) ? seal(chance.whole(84, 112), chance.whole(78, 88), `${chance.pick(POLICE)}户口专用章`, chance.whole(-25, 25), 14) : ''}`
  return { kind: 'household-register-page', ...PAGE_MM, html: page('#fafbf7', '#1d1d20', body), marked: rareName ? ['rare-name'] : [] }
}
