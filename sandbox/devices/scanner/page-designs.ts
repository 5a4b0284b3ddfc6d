/**
 * The demonstration papers, as designs: what stands on each page and where. Every person, code and place is invented
 * (region 990101 was never issued). `truth` is what a perfect reader would find, in the form the extraction gives values:
 * dates `YYYY-MM-DD`, amounts in yuan with two decimals, no white space.
 */
export interface PageDesign {
  readonly id: string
  readonly title: { readonly 'zh-CN': string; readonly en: string }
  /** Document kind of `assets/ocr/kinds`; absent on a page that is no document. */
  readonly kind?: string
  readonly truth: Readonly<Record<string, string>>
  /** Body of the HTML page: A4, positions in millimetres. */
  readonly body: string
}

const TENANT = { name: '陈志远', number: '990101199011050014', phone: '13900002046' }
const LANDLORD = { name: '何建国', number: '990101195704300057', phone: '13800001957' }
const HOME = '示范市示范区柳林路18号3幢502室'

/** The typist struck one wrong key (the day of birth, 05, became 06), so the check character no longer fits. */
const WRONG_TENANT_NUMBER = '990101199011060014'

/** Stands at the foot of every page, so that a print of one can never be taken for a paper that counts. */
const SPECIMEN = '<p class="specimen">演示样张&emsp;人物、号码和地址均为虚构</p>'

/** A round red seal, printed over the text as ink is: multiplied, not covering. Centre in millimetres. */
function seal(centerXMm: number, centerYMm: number, text: string, turnDegrees: number): string {
  const radius = 19
  return `<svg class="seal" style="left:${centerXMm - 20}mm;top:${centerYMm - 20}mm;transform:rotate(${turnDegrees}deg)" viewBox="-20 -20 40 40">
    <circle r="${radius}" fill="none" stroke="#d3202a" stroke-width="1.1"/>
    <path id="arc-${text}" d="M -13.6 6.2 A 15 15 0 1 1 13.6 6.2" fill="none"/>
    <text font-size="4.1" fill="#d3202a" font-family="Noto Serif CJK SC" font-weight="700" text-anchor="middle"><textPath href="#arc-${text}" startOffset="50%" textLength="52">${text}</textPath></text>
    <path d="M 0 -6 L 1.41 -1.94 L 5.71 -1.85 L 2.28 0.74 L 3.53 4.85 L 0 2.4 L -3.53 4.85 L -2.28 0.74 L -5.71 -1.85 L -1.41 -1.94 Z" fill="#d3202a"/>
  </svg>`
}

/** Fine wavy lines as certificates carry them against copying. */
function guilloche(color: string): string {
  const waves: string[] = []
  for (let row = 0; row < 66; row++) {
    const y = 6 + row * 4.4
    let path = `M 0 ${y}`
    for (let x = 3; x <= 210; x += 3) path += ` L ${x} ${(y + 2.6 * Math.sin(x / 9 + row * 0.7)).toFixed(2)}`
    waves.push(`<path d="${path}"/>`)
  }
  return `<svg class="guilloche" viewBox="0 0 210 297"><g fill="none" stroke="${color}" stroke-width="0.12">${waves.join('')}</g></svg>`
}

function lease(tenantNumber: string): string {
  const row = (label: string, value: string): string => `<p class="row"><b>${label}：</b>${value}</p>`
  return `<main class="song" style="padding:24mm 24mm 0 26mm">
    <h1>房屋租赁合同</h1>
    <p class="right">合同编号：SFZL-2025-0318</p>
    ${row('出租方（甲方）', LANDLORD.name)}
    ${row('公民身份号码', LANDLORD.number)}
    ${row('联系电话', LANDLORD.phone)}
    ${row('承租方（乙方）', TENANT.name)}
    ${row('公民身份号码', tenantNumber)}
    ${row('联系电话', TENANT.phone)}
    <p>甲乙双方经协商一致，就房屋租赁事宜订立本合同，共同遵守。</p>
    <h2>第一条&emsp;租赁房屋</h2>
    ${row('房屋坐落', HOME)}
    ${row('建筑面积', '86.50平方米')}
    <h2>第二条&emsp;租赁期限</h2>
    ${row('起始日期', '2025年3月1日')}
    ${row('终止日期', '2040年2月29日')}
    <h2>第三条&emsp;租金</h2>
    ${row('月租金', '人民币2600.00元')}
    <p>租金按季支付，乙方应于每季首月五日前付清。押金为一个月租金，合同期满结清费用后无息退还。</p>
    <h2>第四条&emsp;房屋使用</h2>
    <p>乙方承租该房屋作居住使用，不得擅自改变用途或者转租。房屋自然损坏由甲方负责修缮，人为损坏由乙方负责修复。</p>
    <p>本合同一式三份，甲乙双方各执一份，登记机构存一份，自双方签字之日起生效。</p>
    <p class="sign">甲方（签字）：<span class="kai">${LANDLORD.name}</span></p>
    <p class="sign">乙方（签字）：<span class="kai">${TENANT.name}</span></p>
    <p class="sign">签订日期：2025年2月20日</p>
  ${SPECIMEN}</main>${seal(92, 96, '示范市示范区房屋租赁登记专用章', -14)}`
}

const leaseTruth = {
  landlord: LANDLORD.name, landlordNumber: LANDLORD.number, landlordPhone: LANDLORD.phone,
  tenant: TENANT.name, tenantNumber: TENANT.number, tenantPhone: TENANT.phone,
  address: HOME, area: '86.50', startDate: '2025-03-01', endDate: '2040-02-29', monthlyRent: '2600.00', signedDate: '2025-02-20',
}

const certificateRows: readonly (readonly [string, string])[] = [
  ['权利人', TENANT.name],
  ['证件号码', TENANT.number],
  ['共有情况', '单独所有'],
  ['坐落', HOME],
  ['不动产单元号', '990101001001GB00018F00030502'],
  ['权利类型', '国有建设用地使用权／房屋所有权'],
  ['权利性质', '出让／市场化商品房'],
  ['用途', '城镇住宅用地／住宅'],
  ['面积', '房屋建筑面积86.50平方米'],
  ['使用期限', '2009年5月18日起至2079年5月17日止'],
  ['权利其他状况', '房屋结构：钢筋混凝土结构<br>专有建筑面积：68.20平方米<br>房屋总层数：18层，所在层：5层<br>登记日期：2021年9月16日'],
]

const propertyCertificate = `${guilloche('#e9a9b4')}<main class="song" style="padding:34mm 22mm 0 22mm">
    <h1 style="letter-spacing:0.2em">不动产权证书</h1>
    <p class="right" style="margin-bottom:6mm">演（2021）示范区不动产权第0018502号</p>
    <table>${certificateRows.map(([label, value]) => `<tr><th>${label}</th><td>${value}</td></tr>`).join('')}</table>
    <p style="margin-top:14mm;text-align:right;padding-right:14mm">登记机构：示范市示范区不动产登记中心</p>
  ${SPECIMEN}</main>${seal(112, 70, '示范市示范区不动产登记专用章', 8)}`

const cell = (label: string, value: string, labelSpan = 1, valueSpan = 1): string => `<th colspan="${labelSpan}">${label}</th><td colspan="${valueSpan}">${value}</td>`

const householdPage = `${guilloche('#b9d3e6')}<main class="hei" style="padding:26mm 20mm 0 20mm">
    <h1 style="letter-spacing:0.5em">常住人口登记卡</h1>
    <table class="household">
      <tr>${cell('姓名', '周桂兰')}${cell('户主或与户主关系', '户主')}</tr>
      <tr>${cell('曾用名', '')}${cell('性别', '女')}</tr>
      <tr>${cell('出生地', '示范市示范区')}${cell('民族', '汉族')}</tr>
      <tr>${cell('籍贯', '示范市示范区')}${cell('出生日期', '1958年3月12日')}</tr>
      <tr>${cell('住址', '示范市示范区长宁路8号3幢202室', 1, 3)}</tr>
      <tr>${cell('公民身份证件编号', '990101195803120027', 1, 3)}</tr>
      <tr>${cell('身高', '158厘米')}${cell('血型', '')}</tr>
      <tr>${cell('文化程度', '高中')}${cell('婚姻状况', '已婚')}</tr>
      <tr>${cell('兵役状况', '')}${cell('职业', '退休人员')}</tr>
      <tr>${cell('服务处所', '示范市示范区第二纺织厂', 1, 3)}</tr>
      <tr>${cell('何时由何地迁来本址', '1996年8月7日由本市槐荫街12号迁来', 1, 3)}</tr>
    </table>
    <p style="margin-top:8mm">承办人签章：&emsp;&emsp;&emsp;&emsp;&emsp;&emsp;登记日期：2019年4月22日</p>
  ${SPECIMEN}</main>${seal(118, 122, '示范市公安局示范分局户口专用章', -6)}`

export const PAGE_DESIGNS: readonly PageDesign[] = [
  { id: 'lease', title: { 'zh-CN': '租赁合同（陈志远）', en: 'Residence lease (Chen Zhiyuan)' }, kind: 'residence-lease', truth: leaseTruth, body: lease(TENANT.number) },
  {
    id: 'lease-wrong-number', title: { 'zh-CN': '租赁合同（号码错一位）', en: 'Residence lease, one digit of the ID number wrong' }, kind: 'residence-lease',
    truth: { ...leaseTruth, tenantNumber: WRONG_TENANT_NUMBER }, body: lease(WRONG_TENANT_NUMBER),
  },
  {
    id: 'property-certificate', title: { 'zh-CN': '不动产权证书（陈志远）', en: 'Property certificate (Chen Zhiyuan)' }, kind: 'property-certificate',
    truth: {
      certificateNumber: '演(2021)示范区不动产权第0018502号', owner: TENANT.name, ownerNumber: TENANT.number, ownership: '单独所有', address: HOME,
      unitNumber: '990101001001GB00018F00030502', use: '城镇住宅用地/住宅', area: '86.50', registeredDate: '2021-09-16',
    },
    body: propertyCertificate,
  },
  {
    id: 'household-register', title: { 'zh-CN': '户口簿本人页（周桂兰）', en: 'Household register page (Zhou Guilan)' }, kind: 'household-register-page',
    truth: {
      name: '周桂兰', relation: '户主', sex: '女', nation: '汉族', birthDate: '1958-03-12', address: '示范市示范区长宁路8号3幢202室',
      number: '990101195803120027', registeredDate: '2019-04-22',
    },
    body: householdPage,
  },
  { id: 'blank', title: { 'zh-CN': '白纸', en: 'Blank page' }, truth: {}, body: '<main></main>' },
]
