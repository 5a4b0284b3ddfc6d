import { amountInCapitals, amountValue, dateInDigits, dateInPaddedDigits, dateInWords } from '../words.ts'
import { dateBetween, person } from '../people.ts'
import type { PaperPlan } from '../paper.ts'
import { at, field, page, seal } from '../paper.ts'

const CLAUSES = [
  '乙方承租该房屋作居住使用，未经甲方书面同意，不得擅自改变用途、转租、转借他人或者与他人调剂交换。',
  '租赁期内，水、电、燃气、物业服务、网络等费用由乙方承担，并按时缴纳；房屋租赁税费由甲方承担。',
  '甲方应当保证房屋及其附属设施处于安全、能够正常使用的状态；自然损坏由甲方负责修缮，人为损坏由乙方负责修复。',
  '乙方应当遵守小区管理规约，不得从事违法活动，不得存放易燃易爆物品；因乙方过错造成损失的，应当依法赔偿。',
  '合同期满，乙方需要继续承租的，应当提前三十日书面通知甲方；同等条件下，乙方享有优先承租的权利。',
  '任何一方提前解除合同，应当提前三十日通知对方，并向对方支付相当于一个月租金的违约金。',
  '本合同履行中发生争议的，双方协商解决；协商不成的，可以向房屋所在地人民法院提起诉讼。',
  '本合同未尽事宜，双方可以签订补充协议；补充协议与本合同具有同等效力。本合同一式三份，甲乙双方各执一份，登记机构存一份。',
]

/** 房屋租赁合同, a dense page: every value on a line of its own behind its label, or the numbers inside sentences. */
export const residenceLease: PaperPlan = ({ chance, faces, rareName }) => {
  const landlord = person(chance, { bornTo: 1995 })
  const tenant = person(chance, { bornFrom: 1960, bornTo: 2004, rareName })
  const year = chance.whole(2023, 2025)
  const start = dateBetween(chance, year, year)
  const end = `${year + chance.pick([1, 2, 3])}${start.slice(4)}`
  const signed = start < `${year}-02` ? `${year - 1}-12-${String(chance.whole(10, 28))}` : `${year}-01-${String(chance.whole(10, 28))}`
  const yuan = chance.pick([800, 1200, 1500, 1850, 2600, 3200, 4500, 6800])
  const area = (chance.whole(2200, 15_000) / 100).toFixed(2)
  const date = chance.pick([dateInDigits, dateInDigits, dateInPaddedDigits, dateInWords])
  const rent = chance.pick([`人民币${yuan}.00元`, `人民币${yuan}元（大写：${amountInCapitals(yuan)}）`, `¥${yuan}.00元`, `人民币${amountInCapitals(yuan)}（¥${yuan}）`])
  const size = 3.9 + chance.next() * 0.4
  const body = chance.happens(0.5) ? faces.song : faces.hei
  const filled = chance.happens(0.5) ? faces.kai : body
  const numberLabel = chance.pick(['公民身份号码', '身份证号码', '身份证号', '证件号码'])
  const party = chance.pick([['出租方（甲方）', '承租方（乙方）'], ['甲方（出租方）', '乙方（承租方）'], ['出租人（甲方）', '承租人（乙方）']] as const)
  const p = (content: string, style = ''): string => `<p class="r" style="${style}">${content}</p>`
  const fill = (id: string, printed: string, value = printed): string => `<span style="font-family:${filled};border-bottom:.15mm solid #555;padding:0 1mm">${field(id, printed, value)}</span>`
  const heading = (order: string, words: string): string => p(`第${order}条&emsp;${words}`, 'font-weight:700;margin-top:1mm')
  const clauses = [...CLAUSES].sort(() => chance.next() - 0.5).slice(0, chance.whole(5, 7))
  const plain = `
    ${p(`${party[0]}：${fill('landlord', landlord.name)}`)}${p(`${numberLabel}：${fill('landlordNumber', landlord.number)}`)}${p(`联系电话：${fill('landlordPhone', landlord.phone)}`)}
    ${p(`${party[1]}：${fill('tenant', tenant.name)}`)}${p(`${numberLabel}：${fill('tenantNumber', tenant.number)}`)}${p(`联系电话：${fill('tenantPhone', tenant.phone)}`)}`
  const paired = `
    ${p(`${party[0]}：${fill('landlord', landlord.name)}&emsp;&emsp;联系电话：${fill('landlordPhone', landlord.phone)}`)}${p(`${numberLabel}：${fill('landlordNumber', landlord.number)}`)}
    ${p(`${party[1]}：${fill('tenant', tenant.name)}&emsp;&emsp;联系电话：${fill('tenantPhone', tenant.phone)}`)}${p(`${numberLabel}：${fill('tenantNumber', tenant.number)}`)}`
  const addressLabel = chance.pick(['房屋坐落', '房屋地址', '房屋座落'])
  const home = `${p(`${addressLabel}：${fill('address', landlord.address)}`)}${p(`${chance.pick(['建筑面积', '房屋面积'])}：${fill('area', `${area}平方米`, area)}`)}`
  const [from, to] = chance.pick([['起始日期', '终止日期'], ['起租日期', '截止日期'], ['开始日期', '结束日期']] as const)
  const term = chance.happens(0.5)
    ? `${p(`${from}：${fill('startDate', date(start), start)}`)}${p(`${to}：${fill('endDate', date(end), end)}`)}`
    : p(`${from}：${fill('startDate', date(start), start)}&emsp;&emsp;${to}：${fill('endDate', date(end), end)}`)
  const clause = (text: string): string => p(text, 'text-indent:2em')
  const signs = `<div style="margin-top:3mm;padding-left:74mm">${p(`甲方（签字）：<span style="font-family:${faces.kai}">${landlord.name}</span>`)}${p(`乙方（签字）：<span style="font-family:${faces.kai}">${tenant.name}</span>`)}${p(`${chance.pick(['签订日期', '签约日期', '签署日期'])}：${field('signedDate', date(signed), signed)}`)}</div>`
  const html = `${at({ x: 64, y: 16, size: 7, font: faces.song, style: 'font-weight:700;letter-spacing:1.4mm' }, chance.pick(['房屋租赁合同', '住房租赁合同', '房屋租赁协议', '房屋租赁合同']))}
    ${at({ x: 132, y: 29, size: 3.4, font: body }, `合同编号：SFZL-${year}-${chance.digits(4)}`)}
    <div class="b" style="left:24mm;top:36mm;width:${164 - chance.next() * 6}mm;font:${size}mm/1.62 ${body};word-break:break-all">
      ${chance.happens(0.6) ? plain : paired}
      ${clause('甲乙双方在平等、自愿的基础上，就房屋租赁有关事宜协商一致，订立本合同，共同遵守。')}
      ${heading('一', '租赁房屋')}${home}${heading('二', '租赁期限')}${term}${heading('三', '租金')}${p(`${chance.pick(['月租金', '每月租金', '租金标准'])}：${fill('monthlyRent', rent, amountValue(yuan))}`)}
      ${clause(`租金按${chance.pick(['月', '季'])}支付，乙方应于每期首日起五日内付清。押金为${chance.pick(['一', '两'])}个月租金，合同期满结清费用后无息退还。`)}
      ${heading('四', '双方约定')}${clauses.map(clause).join('')}${signs}
    </div>
    ${chance.happens(0.5) ? seal(chance.whole(80, 130), chance.whole(60, 110), '示范市示范区房屋租赁登记专用章', chance.whole(-20, 20)) : ''}`
  return { kind: 'residence-lease', widthMm: 210, heightMm: 297, html: page('#fdfdfa', '#1a1919', html), marked: rareName ? ['rare-name'] : [] }
}
