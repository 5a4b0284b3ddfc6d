import { dateInDigits, dateInWords } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, seal } from '../paper.ts'

const USES = ['城镇住宅用地/住宅', '城镇住宅用地/成套住宅', '住宅用地/住宅', '商务金融用地/办公']

/** 不动产权证书, the page with the table; the number stands above it, the day of registration below or in the table. */
export const propertyCertificate: PaperPlan = ({ chance, faces, rareName }) => {
  const owner = person(chance, { bornTo: 2000, rareName })
  const registered = dateBetween(chance, 2015, 2025)
  const area = (chance.whole(3200, 18_900) / 100).toFixed(2)
  const inTable = chance.happens(0.5)
  const date = chance.pick([dateInDigits, dateInDigits, dateInWords])
  const number = `演（${registered.slice(0, 4)}）${chance.pick(['示范区', '示范市', '明德区', '示例县'])}不动产权第${chance.digits(7)}号`
  const unit = `990101${chance.digits(6)}GB${chance.digits(5)}F${chance.digits(8)}`
  const areaText = chance.pick([
    `房屋建筑面积${field('area', `${area}平方米`, area)}`,
    `宗地面积${chance.whole(800, 30_000)}.${chance.digits(2)}平方米/房屋建筑面积${field('area', `${area}平方米`, area)}`,
    field('area', `${area}平方米`, area),
  ])
  const rows: readonly (readonly [string, string])[] = [
    ['权利人', field('owner', owner.name)],
    ...(chance.happens(0.8) ? [[chance.pick(['证件号码', '证件号码', '公民身份号码']), field('ownerNumber', owner.number)] as const] : []),
    ['共有情况', field('ownership', chance.pick(['单独所有', '共同共有', '按份共有', '单独所有']))],
    ['坐落', field('address', owner.address)],
    ['不动产单元号', field('unitNumber', unit)],
    ['权利类型', '国有建设用地使用权/房屋所有权'],
    ['权利性质', chance.pick(['出让/市场化商品房', '出让/商品房', '划拨/房改房'])],
    ['用途', field('use', chance.pick(USES))],
    ['面积', areaText],
    ['使用期限', `国有建设用地使用权 至${dateInDigits(dateBetween(chance, 2062, 2089))}止`],
    ...(inTable ? [['登记日期', field('registeredDate', date(registered), registered)] as const] : []),
    ['权利其他状况', `房屋结构：${chance.pick(['钢筋混凝土结构', '混合结构', '框架结构'])}<br>专有建筑面积：${(Number(area) * 0.8).toFixed(2)}平方米<br>房屋总层数：${chance.whole(6, 33)}层，所在层数：第${chance.whole(1, 6)}层`],
  ]
  const width = 26 + chance.next() * 6
  const cell = `border:.3mm solid #8c6a45;padding:0 2.4mm;`
  const table = rows.map(([label, content]) => `<tr style="height:13.4mm"><th class="r" style="${cell}width:${width}mm;font:4.1mm/1.35 ${faces.song};text-align:center">${label}</th><td class="r" style="${cell}font:4.3mm/1.45 ${faces.song};word-break:break-all">${content}</td></tr>`).join('')
  const office = `${chance.pick(['示范市示范区', '示范市', '示例县'])}不动产登记${chance.pick(['专用章', '中心'])}`
  const body = `${guilloche(210, 297, '#ecd9c8')}
    ${chance.happens(0.6) ? at({ x: 68, y: 14, size: 8, font: faces.song, style: 'font-weight:700;letter-spacing:2.6mm;color:#7d1f1f' }, '不动产权证书') : at({ x: 70, y: 15, size: 7, font: faces.song, style: 'font-weight:700;letter-spacing:3mm;color:#7d1f1f' }, '不动产权证')}
    ${at({ x: 62, y: 36, size: 4.6, font: faces.song }, field('certificateNumber', number))}
    <table class="b" style="left:20mm;top:48mm;width:170mm">${table}</table>
    ${inTable ? '' : at({ x: 112, y: 262, size: 4.4, font: faces.song }, `${chance.pick(['登记日期', '登记时间'])}：${field('registeredDate', date(registered), registered)}`)}
    ${at({ x: 112, y: 272, size: 4.2, font: faces.song }, `登记机构：示范市不动产登记中心`)}
    ${seal(chance.whole(140, 160), chance.whole(250, 266), office, chance.whole(-20, 20))}`
  return { kind: 'property-certificate', widthMm: 210, heightMm: 297, html: page('#fdf7ef', '#1d1a17', body), marked: rareName ? ['rare-name'] : [] }
}
