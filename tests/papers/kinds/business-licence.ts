import { amountInCapitals, amountValue, dateInDigits, dateInPaddedDigits } from '../words.ts'
import { address, creditCode, dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, guilloche, page, seal } from '../paper.ts'

const PLACES = ['示范市', '示例县', '长宁市', '北原市']
const NAMES = ['宏远', '锦程', '佳禾', '瑞丰', '云帆', '百川', '润泽', '启明', '恒信', '众诚', '青禾', '星海', '天成', '嘉木']
const TRADES = [
  { trade: '科技', scope: '技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广；软件开发；信息系统集成服务；计算机软硬件及辅助设备零售；办公设备销售' },
  { trade: '商贸', scope: '日用百货销售；针纺织品销售；五金产品批发；建筑材料销售；家用电器零售；互联网销售（除销售需要许可的商品）；食品销售（仅销售预包装食品）' },
  { trade: '餐饮管理', scope: '餐饮服务；食品销售；餐饮管理；外卖递送服务；会议及展览服务（依法须经批准的项目，经相关部门批准后方可开展经营活动）' },
  { trade: '建筑工程', scope: '各类工程建设活动；建筑劳务分包；园林绿化工程施工；土石方工程施工；建筑工程机械与设备租赁；室内装饰装修' },
  { trade: '农业发展', scope: '谷物种植；蔬菜种植；水果种植；农产品的生产、销售、加工、运输、贮藏及其他相关服务；农业科学研究和试验发展' },
]
const CAPITALS = [30_000, 100_000, 500_000, 1_000_000, 2_000_000, 3_500_000, 5_000_000, 10_000_000, 12_800_000]

/** 营业执照, landscape: of a company (法定代表人, 注册资本) or of a sole trader (经营者, 组成形式). */
export const businessLicence: PaperPlan = ({ chance, faces, rareName }) => {
  const sole = chance.happens(0.35)
  const owner = person(chance, { bornTo: 2002, rareName })
  const { trade, scope } = chance.pick(TRADES)
  const place = chance.pick(PLACES)
  const stem = chance.pick(NAMES)
  const name = sole ? `${place}${chance.pick(['示范区', '明德区', '城关镇'])}${stem}${chance.pick(['小吃店', '便利店', '理发店', '五金经营部', '服装店'])}` : `${place}${stem}${trade}${chance.pick(['有限公司', '有限责任公司', '股份有限公司'])}`
  const type = sole ? '个体工商户' : name.endsWith('股份有限公司') ? '股份有限公司（非上市、自然人投资或控股）' : chance.pick(['有限责任公司（自然人独资）', '有限责任公司（自然人投资或控股）', '有限责任公司'])
  const yuan = chance.pick(CAPITALS)
  const capital = chance.pick([amountInCapitals(yuan), `${yuan / 10_000}万元人民币`, `人民币${amountInCapitals(yuan)}`, `${amountInCapitals(yuan)}人民币`])
  const established = dateBetween(chance, 2008, 2024)
  const registered = dateBetween(chance, 2024, 2025)
  const printed = chance.happens(0.5) ? dateInDigits : dateInPaddedDigits
  const bold = chance.happens(0.5) ? 'font-weight:700;' : ''
  const gap = 11 + chance.next() * 1.5
  const label = (x: number, row: number, text: string): string => at({ x, y: 76 + row * gap, size: 4.6, font: faces.song, style: `${bold}width:24mm;text-align:justify;text-align-last:justify` }, text)
  const value = (x: number, row: number, content: string, width: number, size = 4.4): string => at({ x, y: 76 + row * gap, width, size, font: faces.song }, content)
  const left = 28
  const right = 158
  const [year = '', month = '', day = ''] = registered.split('-')
  const columns = sole
    ? `${label(left, 0, '名称')}${value(left + 29, 0, field('name', name), 92)}${label(left, 1, '类型')}${value(left + 29, 1, field('type', type), 92)}
       ${label(left, 2, '经营者')}${value(left + 29, 2, field('representative', owner.name), 92)}${label(left, 3, '经营范围')}${value(left + 29, 3, scope, 92, 3.7)}
       ${label(right, 0, '组成形式')}${value(right + 29, 0, chance.pick(['个人经营', '家庭经营']), 74)}${label(right, 1, '注册日期')}${value(right + 29, 1, field('establishedDate', printed(established), established), 74)}
       ${label(right, 2, '经营场所')}${value(right + 29, 2, field('address', address(chance)), 74)}`
    : `${label(left, 0, '名称')}${value(left + 29, 0, field('name', name), 92)}${label(left, 1, '类型')}${value(left + 29, 1, field('type', type), 92)}
       ${label(left, 2, '法定代表人')}${value(left + 29, 2, field('representative', owner.name), 92)}${label(left, 3, '经营范围')}${value(left + 29, 3, scope, 92, 3.7)}
       ${label(right, 0, '注册资本')}${value(right + 29, 0, field('capital', capital, amountValue(yuan)), 74)}${label(right, 1, '成立日期')}${value(right + 29, 1, field('establishedDate', printed(established), established), 74)}
       ${label(right, 2, '住所')}${value(right + 29, 2, field('address', address(chance)), 74)}`
  const frame = `<i class="b" style="left:9mm;top:9mm;width:279mm;height:192mm;border:1.6mm double #b48a3c"></i>`
  const codes = Array.from({ length: 21 * 21 }, (_, index) => (chance.happens(0.48) ? `<rect x="${index % 21}" y="${Math.floor(index / 21)}" width="1" height="1"/>` : '')).join('')
  const body = `${guilloche(297, 210, '#efe0bd', 3)}${frame}
    ${at({ x: 98, y: 24, size: 17, font: faces.song, style: 'font-weight:700;letter-spacing:7mm' }, '营业执照')}${at({ x: 138, y: 49, size: 5, font: faces.song }, chance.pick(['（副　本）', '（副本）', '（正　本）']))}
    ${at({ x: 26, y: 40, size: 4.2, font: faces.song, style: bold }, '统一社会信用代码')}${at({ x: 26, y: 47, size: 5, font: faces.hei, style: 'font-weight:700' }, field('creditCode', creditCode(chance, sole ? 'sole-trader' : 'company')))}
    <svg class="s" style="left:232mm;top:28mm;width:26mm;height:26mm" viewBox="0 0 21 21"><g fill="#222">${codes}</g></svg>
    ${at({ x: 226, y: 55, size: 2.5, font: faces.hei, width: 42 }, '扫描二维码登录国家企业信用信息公示系统了解更多登记、备案、许可、监管信息')}
    ${columns}
    ${at({ x: 178, y: 158, size: 4.6, font: faces.song, style: `${bold}letter-spacing:2mm` }, '登记机关')}
    ${at({ x: 206, y: 174, size: 4.6, font: faces.song, style: 'white-space:pre' }, field('registeredDate', `${year} 年 ${month} 月 ${day} 日`, registered))}
    ${at({ x: 24, y: 193, size: 2.8, font: faces.hei }, '国家企业信用信息公示系统网址')}${at({ x: 150, y: 193, size: 2.8, font: faces.hei }, '市场主体应当于每年1月1日至6月30日报送公示年度报告')}${at({ x: 244, y: 193, size: 2.8, font: faces.hei }, '国家市场监督管理总局监制')}
    ${seal(chance.whole(222, 236), chance.whole(160, 172), `${place}市场监督管理局`, chance.whole(-15, 15), 20)}`
  return { kind: 'business-licence', widthMm: 297, heightMm: 210, html: page('#fdf9ee', '#1c1a17', body), marked: rareName ? ['rare-name'] : [] }
}
