import { documentReadStaffSentence, pagesDifferSentence, strangerSentence } from '../../core/document/sentences.ts'
import { type PageProblem, weightOf } from '../../core/document/page-look.ts'
import { lookStageSentence, pageProblemSentence, pageProblemStaffSentence } from '../../core/document/page-sentences.ts'
import m01 from '../../assets/packs/demo-990101/matters/M01.json'
import m05 from '../../assets/packs/demo-990101/matters/M05.json'
import m12 from '../../assets/packs/demo-990101/matters/M12.json'
import pack from '../../assets/packs/demo-990101/pack.json'
import type { DisplaySettings, MatterSummary, PrintingView, ScreenView, SessionView, Snapshot, StepId } from '../../core/kiosk-api/snapshot.ts'
import { problemOf } from '../../core/matter-pack/material-checks.ts'
import type { CheckFacts } from '../../core/matter-pack/material-checks.ts'
import type { Matter } from '../../core/matter-pack/schema.ts'
import { closedSentence } from '../../core/staff/sentences.ts'
import { text } from '../../core/text/local-text.ts'
import { staffScreens } from './staff-fixtures.ts'

const residence = m05 as unknown as Matter
const proof = m01 as unknown as Matter
const elder = m12 as unknown as Matter

function summary(matter: Matter, availability: MatterSummary['availability'] = { state: 'available' }): MatterSummary {
  return { id: matter.id, name: matter.name, shortName: matter.shortName, summary: matter.summary, department: matter.department, lifeEvents: matter.lifeEvents, searchKeys: matter.keywords, availability }
}
const scannerGone = text('扫描仪连不上，需要扫描的材料请改用电子证照或到窗口。', 'The scanner cannot be reached. Use electronic licences, or go to the counter for papers that must be scanned.')
const summaries = [summary(proof), summary(residence, { state: 'limited', reasons: [scannerGone] }), summary(elder)]
const shut = text('回执打印机没有纸，需要打印的事项暂停。', 'The receipt printer has no paper, so what must be printed is paused.')

const now = (): number => Date.now()
const timeAfter = (durationMs: number): string => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Shanghai' }).format(Date.now() + durationMs)
/** Hours that are over now, whenever this is looked at. */
const CLOSED_NOW = { open: timeAfter(3 * 3_600_000), close: timeAfter(-3_600_000) }
const none: PrintingView = { state: 'none' }
const caseNumber = '99010120250108000123H'
const home = residence.questions

function form(matter: Matter): Pick<Matter['form'], 'title' | 'schema' | 'uischema' | 'texts'> {
  const { title, schema, uischema, texts } = matter.form
  return { title, schema, uischema, texts }
}
const residenceData = { kind: 'apply', basis: 'home', who: 'self', applicantName: '陈志远', applicantNumber: '990101199011050014', livingAddress: '示范市示范区柳林路18号3幢502室', since: '2024-03-01', homeHeld: 'rented', landlordName: '何建国' }
const lockedFields = ['/kind', '/basis', '/who', '/applicantName', '/applicantNumber']
const residenceSources = { '/kind': 'answer', '/basis': 'answer', '/who': 'answer', '/applicantName': 'id-card', '/applicantNumber': 'id-card', '/landlordName': 'scan', '/livingAddress': 'scan' } as const

const readFields = [
  { id: 'landlord', label: text('出租人', 'Landlord'), value: '何建国', state: 'sure', why: undefined, keyboard: 'pinyin', pictures: [{ page: 'p1', place: { left: 0.23, top: 0.15, width: 0.14, height: 0.05, lines: 1 } }] },
  { id: 'landlordNumber', label: text('出租人公民身份号码', 'Landlord’s citizen number'), value: '990101195704300051', state: 'unsure', why: text('最后一位与前面的数字对不上，请看着原件核对。', 'The last digit does not fit the others. Please compare it with the paper.'), keyboard: 'id-number', pictures: [{ page: 'p1', place: { left: 0.34, top: 0.213, width: 0.44, height: 0.045, lines: 1 } }] },
  { id: 'address', label: text('房屋地址', 'Address of the home'), value: '示范市示范区柳林路18号3幢502室', state: 'sure', why: undefined, keyboard: 'pinyin' },
  { id: 'from', label: text('租期开始', 'Lease begins'), value: '2024-03-01', state: 'sure', why: undefined, keyboard: 'date' },
  { id: 'to', label: text('租期结束', 'Lease ends'), value: '', state: 'missing', why: text('这一处没有认出来。', 'This was not found on the page.'), keyboard: 'date' },
] as const

const licence = { kind: 'licence', licenceType: '11100000000013127D001', name: text('居民身份证电子证照', 'Electronic ID card') } as const
const findingsOf = (...problems: readonly PageProblem[]) => problems.map((problem) => ({ problem, weight: weightOf(problem), sentence: pageProblemSentence(problem, 'camera'), staffSentence: pageProblemStaffSentence(problem), pages: [1] }))
const scanBase = { kind: 'scan', material: text('合法稳定住所证明', 'Proof of a steady home'), document: text('房屋租赁合同', 'Lease'), requirement: text('合同上有出租人、承租人姓名和双方签名，写明地址和租期，租期还没有结束。', 'The lease shows the names and signatures of both sides, the address and the period, and has not ended.'), sources: ['platen', 'feeder'], lostByBack: 0 } as const

const received = { kind: 'received', caseNumber, receivedAt: Date.UTC(2025, 0, 8, 2, 12, 33), promised: { days: 15, unit: 'calendar-day' }, tolerated: [{ name: text('房屋租赁合同', 'Lease'), until: '2025-01-15' }], proof: undefined } as const

function view(make: () => ScreenView, step: StepId | undefined, matter: Matter | undefined) {
  return { make, step, matter }
}
const materialsItems = [
  { id: 'id', name: text('居民身份证', 'ID card'), core: true, requirement: text('本人有效证件', 'Valid, and your own'), ways: [{ kind: 'card' }], status: { state: 'given', way: 'card', detail: text('已刷身份证', 'Card read') } },
  { id: 'photo', name: text('近期相片', 'Recent photograph'), core: true, requirement: text('证件照，白色背景', 'Identity photograph on white'), ways: [licence], status: { state: 'working' } },
  { id: 'home', name: text('合法稳定住所证明', 'Proof of a steady home'), core: true, requirement: scanBase.requirement, ways: [{ kind: 'data-check', check: 'house', name: text('不动产登记信息', 'Property register') }, { kind: 'scan', document: 'lease', name: text('房屋租赁合同', 'Lease'), available: true }, { kind: 'scan', document: 'deed', name: text('不动产权证书', 'Property certificate'), available: false }, { kind: 'commitment', commitment: 'home', name: text('居住情况', 'Where you live') }, { kind: 'later', limit: { days: 5, unit: 'working-day' }, how: text('可到窗口、邮寄或再次来终端补交。', 'At the counter, by post or at a terminal.') }], status: { state: 'failed', sentence: text('没有查到您名下的登记，请换一种给法。', 'Nothing is registered in your name. Please choose another way.') } },
  { id: 'form', name: text('居住证申领表', 'Application form'), core: true, requirement: text('由终端按您填写的内容生成', 'Made from what you fill in'), ways: [{ kind: 'generated' }], status: { state: 'given', way: 'generated', detail: text('由终端生成，提交前签名', 'Made by the terminal, to be signed') } },
] as const

const leaseChecks = residence.materials.find(({ id }) => id === 'home-proof')?.checks ?? []
const leaseFacts: CheckFacts = {
  answers: {}, form: {}, today: '2026-11-22', identity: { age: 36, sex: 'male', region: '990101', kind: 'resident', cardExpired: false, name: '陈志远', number: '990101199011050014' },
  papers: { 'home-proof': { tenantNumber: '990101199011060014', endDate: '2026-02-28' } },
}

export const screens: Readonly<Record<string, ReturnType<typeof view>>> = {
  idle: view(() => ({ kind: 'idle', abilities: [{ id: 'identify', works: true }, { id: 'print', works: false, reason: shut }, { id: 'scan', works: true }, { id: 'submit', works: true }], matters: [summary(proof, { state: 'unavailable', reasons: [shut] }), summary(residence, { state: 'limited', reasons: [scannerGone] }), summary(elder)] }), undefined, undefined),
  matters: view(() => ({ kind: 'matters', lifeEvents: pack.lifeEvents, departments: pack.departments, matters: summaries }), 'understand', undefined),
  guide: view(() => ({ kind: 'guide', guide: residence.guide, place: residence.place, availability: { state: 'limited', reasons: [scannerGone] }, hasQuestions: true }), 'understand', residence),
  question: view(() => ({ kind: 'question', question: home[1] ?? home[0]!, answer: undefined, position: 2, total: 4 }), 'understand', residence),
  barrier: view(() => ({ kind: 'barrier', barrier: residence.barriers[0]! }), 'understand', residence),
  checklist: view(() => ({ kind: 'checklist', answers: [{ question: home[0]!.text, answer: home[0]!.options[0]!.text }], items: residence.materials.slice(0, 4).map((material) => ({ id: material.id, name: material.name, core: material.core, requirement: material.requirement, originals: material.originals, copies: material.copies, documents: material.documents.map((document) => document.name), substitutes: material.substitutes.map((substitute) => ({ kind: substitute.kind, name: 'name' in substitute ? substitute.name : text('书面承诺', 'Written promise') })), tolerance: material.tolerance })), fees: [{ name: text('居住证工本费', 'Card fee'), amountFen: 0, basis: text('首次申领免费', 'The first is free') }], promised: { days: 15, unit: 'calendar-day' }, place: residence.place, qr: 'https://kiosk.example/list/990101?m=M05&a=apply,home,self', canPrint: true, printing: none }), 'understand', residence),
  identify: view(() => ({ kind: 'identify', progress: { kind: 'waiting' }, problem: undefined }), 'identify', residence),
  'identify-reading': view(() => ({ kind: 'identify', progress: { kind: 'reading' }, problem: undefined }), 'identify', residence),
  'identify-problem': view(() => ({ kind: 'identify', progress: { kind: 'lift-card' }, problem: { sentence: text('身份证移动了。请拿起来，等一下，再平放上去。', 'The card moved. Please lift it, wait a moment, and lay it flat again.'), staffSentence: text('读卡超时，代码 T-3', 'Reader timed out, code T-3'), canRetry: true } }), 'identify', residence),
  consent: view(() => ({ kind: 'consent', consent: residence.consent, maskedName: '陈*远', maskedNumber: '9****************4' }), 'identify', residence),
  form: view(() => ({ kind: 'form', form: form(residence), data: residenceData, sources: residenceSources, locked: lockedFields, gaps: [], fromPapers: {}, focus: undefined }), 'fill', residence),
  'form-gaps': view(() => ({ kind: 'form', form: form(residence), data: { ...residenceData, phone: '13800', livingAddress: '柳林路' }, sources: residenceSources, locked: lockedFields, gaps: [{ pointer: '/livingAddress', message: text('地址请写到门牌和房间号。', 'Please write the address down to house and room number.') }, { pointer: '/phone', message: text('手机号码是 11 位数字，以 1 开头。', 'A mobile number has 11 digits and begins with 1.') }], fromPapers: {}, focus: undefined }), 'fill', residence),
  'form-proof': view(() => ({ kind: 'form', form: form(proof), data: { name: '陈志远', number: '990101199011050014', kinds: ['pension', 'medical'], from: '2024-01', copies: 1 }, sources: { '/name': 'id-card', '/number': 'id-card' }, locked: ['/name', '/number'], gaps: [], fromPapers: {}, focus: undefined }), 'fill', proof),
  materials: view(() => ({ kind: 'materials', items: materialsItems, focus: undefined }), 'materials', residence),
  commitment: view(() => ({ kind: 'commitment', material: text('合法稳定住所证明', 'Proof of a steady home'), commitment: (residence.commitments[0] ?? elder.commitments[0])! }), 'materials', residence),
  'scan-lay': view(() => ({ ...scanBase, stage: { kind: 'lay-page', number: 1, problem: text('进纸口里没有纸。', 'There is no paper in the feeder.'), staffProblem: undefined } }), 'materials', residence),
  'scan-scanning': view(() => ({ ...scanBase, stage: { kind: 'scanning', percent: undefined } }), 'materials', residence),
  'scan-look': view(() => ({ ...scanBase, lostByBack: 3, stage: { kind: 'look', page: 'p1', pages: ['p1', 'p2', 'p3'], problem: undefined, staffProblem: undefined, findings: [], use: 'yes', adjustable: [], canAdd: true } }), 'materials', residence),
  'scan-looking': view(() => ({ ...scanBase, lostByBack: 1, stage: { kind: 'looking', page: 'photo', step: lookStageSentence('straightening'), percent: 50 } }), 'materials', residence),
  'scan-corners': view(() => ({ ...scanBase, sources: ['camera'], stage: { kind: 'corners', page: 'photo', number: 1, widthPx: 4000, heightPx: 3000, corners: [{ x: 1150, y: 180 }, { x: 2900, y: 240 }, { x: 2960, y: 2760 }, { x: 1080, y: 2800 }], isGuess: true } }), 'materials', residence),
  'scan-stopped': view(() => ({ ...scanBase, lostByBack: 1, sources: ['camera'], stage: { kind: 'look', page: 'p1', pages: ['p1'], problem: undefined, staffProblem: undefined, findings: findingsOf('cut-off', 'covered', 'too-small'), use: 'no', adjustable: ['p1'], canAdd: true } }), 'materials', residence),
  'scan-all-the-same': view(() => ({ ...scanBase, lostByBack: 1, sources: ['camera'], stage: { kind: 'look', page: 'p1', pages: ['p1'], problem: undefined, staffProblem: undefined, findings: findingsOf('blurred'), use: 'all-the-same', adjustable: ['p1'], canAdd: true } }), 'materials', residence),
  'scan-soft': view(() => ({ ...scanBase, lostByBack: 1, sources: ['camera'], stage: { kind: 'look', page: 'p1', pages: ['p1'], problem: undefined, staffProblem: undefined, findings: findingsOf('too-small'), use: 'yes', adjustable: ['p1'], canAdd: true } }), 'materials', residence),
  'scan-reading': view(() => ({ ...scanBase, lostByBack: 1, stage: { kind: 'reading', page: 'p1', step: text('正在找姓名和地址', 'Looking for names and addresses'), percent: 62, redo: 'all' } }), 'materials', residence),
  'scan-confirm': view(() => ({ ...scanBase, lostByBack: 1, stage: { kind: 'confirm', pages: ['p1'], fields: readFields, notices: [], paper: 'wanted', redo: 'all' } }), 'materials', residence),
  'scan-lay-second': view(() => ({ ...scanBase, sources: ['platen', 'feeder', 'camera'], stage: { kind: 'lay-page', number: 2, problem: undefined, staffProblem: undefined } }), 'materials', residence),
  'scan-stopped-page': view(() => ({ ...scanBase, lostByBack: 3, sources: ['camera'], stage: { kind: 'look', page: 'p2', pages: ['p1', 'p2', 'p3'], problem: undefined, staffProblem: undefined, findings: [{ ...findingsOf('blurred')[0]!, pages: [2] }, { ...findingsOf('too-small')[0]!, pages: [1, 2] }], use: 'no', adjustable: ['p1', 'p2', 'p3'], canAdd: true } }), 'materials', residence),
  'scan-reading-second': view(() => ({ ...scanBase, lostByBack: 3, stage: { kind: 'reading', page: 'p2', position: { number: 2, count: 3 }, step: text('正在识别文字', 'Reading the text'), percent: 48, redo: 'pages' } }), 'materials', residence),
  'scan-confirm-pages': view(() => ({ ...scanBase, lostByBack: 2, stage: { kind: 'confirm', pages: ['p1', 'p2'], fields: [{ ...readFields[0], state: 'unsure', why: pagesDifferSentence([{ number: 1, value: '何建国' }, { number: 2, value: '何建囯' }]), pictures: [...readFields[0].pictures, { page: 'p2', place: { left: 0.23, top: 0.15, width: 0.14, height: 0.05, lines: 1 } }] }, ...readFields.slice(1)], notices: [{ sentence: strangerSentence(2, { wanted: text('房屋租赁合同', 'Residence lease'), found: text('户口簿本人页', 'Household register, page of the person') }), staffSentence: documentReadStaffSentence({ kind: 'other-document', found: 'household-register-page' }, { wanted: text('房屋租赁合同', 'Residence lease'), found: text('户口簿本人页', 'Household register, page of the person') }) }], paper: 'mixed', redo: 'pages' } }), 'materials', residence),
  'gaps-checking': view(() => ({ kind: 'gaps', state: 'checking', gaps: [], unchecked: undefined }), 'check', residence),
  gaps: view(() => ({ kind: 'gaps', state: 'found', gaps: [{ id: 'a', about: 'form', sentence: text('手机号码还没有填。', 'The mobile number is missing.'), remedy: text('请填写 11 位手机号码，办好后会发短信。', 'Please enter your 11-digit number; you will get a message when it is done.'), target: { kind: 'field', pointer: '/phone' } }, { id: 'b', about: 'material', sentence: text('合法稳定住所证明还没有交。', 'The proof of a steady home is missing.'), remedy: text('可以扫描租赁合同，也可以书面承诺。', 'Scan the lease, or promise in writing.'), target: { kind: 'material', material: 'home' } }, { id: 'c', about: 'server', sentence: text('居住登记还不满半年。', 'You have been registered for less than half a year.'), remedy: text('满半年后再来办，或到派出所咨询。', 'Come again after half a year, or ask at the police station.'), target: { kind: 'none' } }], unchecked: text('网络中断，受理部门还没有核对，可能还有要补的。', 'The network is down and the department has not checked; there may be more.') }), 'check', residence),
  'gaps-paper': view(() => ({ kind: 'gaps', state: 'found', gaps: leaseChecks.flatMap(({ id, gap }) => (gap === undefined || (id !== 'tenant-number' && id !== 'lease-runs') ? [] : [{ id, about: 'material' as const, sentence: problemOf(gap.problem, leaseFacts), remedy: gap.remedy, target: { kind: 'paper' as const, material: 'home-proof' } }])), unchecked: undefined }), 'check', residence),
  'gaps-clear': view(() => ({ kind: 'gaps', state: 'clear', gaps: [], unchecked: undefined }), 'check', residence),
  review: view(() => ({ kind: 'review', title: text('居住证申领表', 'Application for a residence permit'), sections: [{ title: text('申请人', 'Applicant'), lines: [{ label: text('姓名', 'Name'), value: text('陈志远', '陈志远'), source: 'id-card', change: undefined }, { label: text('公民身份号码', 'Citizen number'), value: text('9901 0119 9011 0500 14', '9901 0119 9011 0500 14'), source: 'id-card', change: undefined }] }, { title: text('居住情况', 'Where you live'), lines: [{ label: text('现在住的地址', 'Address'), value: text('示范市示范区柳林路18号3幢502室', '示范市示范区柳林路18号3幢502室'), source: 'scan', change: { kind: 'field', pointer: '/livingAddress' } }, { label: text('从哪天住在本市', 'Living here since'), value: text('2024年3月1日', '1 March 2024'), source: 'typed', change: { kind: 'field', pointer: '/since' } }, { label: text('手机号码', 'Mobile number'), value: text('138 0000 0000', '138 0000 0000'), source: 'typed', change: { kind: 'field', pointer: '/phone' } }] }, { title: text('材料', 'Papers'), lines: [{ label: text('合法稳定住所证明', 'Proof of a steady home'), value: text('扫描：房屋租赁合同', 'Scan: lease'), source: undefined, change: { kind: 'material', material: 'home' } }] }], forClerk: leaseChecks.filter(({ id }) => id === 'tenant-name' || id === 'same-address').map(({ question }) => ({ material: residence.materials.find(({ id }) => id === 'home-proof')!.name, question })), declaration: text('以上内容真实、准确。我知道提供不实信息的后果。', 'What stands above is true and exact. I know what follows from false information.'), needsSignature: true, offline: true }), 'check', residence),
  sign: view(() => ({ kind: 'sign', declaration: text('以上内容真实、准确。我知道提供不实信息的后果。', 'What stands above is true and exact. I know what follows from false information.') }), 'check', residence),
  submitting: view(() => ({ kind: 'submitting', step: 'sending', since: now() - 12_000 }), 'finish', residence),
  'outcome-received': view(() => ({ kind: 'outcome', outcome: received, printing: { state: 'printed' }, proofPrinting: { state: 'none' }, qr: `https://one-window.example/case/${caseNumber}` }), 'finish', residence),
  'outcome-proof': view(() => ({ kind: 'outcome', outcome: { ...received, promised: 'at-once', tolerated: [], proof: { verificationCode: '7K2M-9QXP', lines: [{ label: text('险种', 'Insurance'), value: text('企业职工基本养老保险', 'Pension insurance of employees') }, { label: text('起止年月', 'Period'), value: text('2024-01 至 2024-12', '2024-01 – 2024-12') }, { label: text('累计月数', 'Months'), value: text('12', '12') }] } }, printing: { state: 'printed' }, proofPrinting: { state: 'printing' }, qr: 'https://one-window.example/verify/7K2M9QXP' }), 'finish', proof),
  'outcome-kept': view(() => ({ kind: 'outcome', outcome: { kind: 'kept', localNumber: 'DEMO-0001-000042', why: text('现在连不上受理部门的系统。', 'The system of the department cannot be reached now.') }, printing: { state: 'failed', sentence: text('打印机里没有纸了。', 'The printer has run out of paper.'), staffSentence: text('缺纸（ESC/POS 状态 0x72）', 'Paper end (ESC/POS status 0x72)'), canRetry: true }, proofPrinting: { state: 'none' }, qr: undefined }), 'finish', residence),
  'outcome-refused': view(() => ({ kind: 'outcome', outcome: { kind: 'refused', code: 'CASE-DUPLICATE', sentence: text('您已经有一件同样的申请在办，不能重复申请。', 'The same application of yours is already being handled.'), localNumber: 'DEMO-0001-000043' }, printing: { state: 'unknown', sentence: text('打印到一半，线断了。请看一下出纸口。', 'The connection broke while printing. Please look at the slot.'), staffSentence: text('打印机断线，结果不明', 'Printer link lost, result unknown') }, proofPrinting: { state: 'none' }, qr: undefined }), 'finish', residence),
  evaluation: view(() => ({ kind: 'evaluation', details: [{ id: 'fast', text: text('办得快', 'Quick'), grades: [5, 4] }, { id: 'clear', text: text('说得清楚', 'Clear'), grades: [5, 4, 3] }, { id: 'slow', text: text('等得太久', 'Too slow'), grades: [2, 1] }] }), 'finish', residence),
  farewell: view(() => ({ kind: 'farewell', takeCard: true, takePaper: true, takeOriginals: true, endsAt: now() + 20_000, number: caseNumber }), 'finish', residence),
  resume: view(() => ({ kind: 'resume', progress: { kind: 'waiting' }, problem: undefined }), undefined, undefined),
  'sorry-nothing': view(() => ({ kind: 'sorry', left: { kind: 'nothing' }, endsAt: now() + 45_000 }), undefined, undefined),
  'sorry-received': view(() => ({ kind: 'sorry', left: { kind: 'received', number: caseNumber }, endsAt: now() + 45_000 }), undefined, undefined),
  'sorry-kept': view(() => ({ kind: 'sorry', left: { kind: 'kept', number: 'DEMO-0001-000043' }, endsAt: now() + 45_000 }), undefined, undefined),
  'sorry-refused': view(() => ({ kind: 'sorry', left: { kind: 'refused', number: 'DEMO-0001-000043' }, endsAt: now() + 45_000 }), undefined, undefined),
  'sorry-on-its-way': view(() => ({ kind: 'sorry', left: { kind: 'on-its-way' }, endsAt: now() + 45_000 }), undefined, undefined),
  'out-of-service': view(() => ({ kind: 'out-of-service', reason: text('正在更新，大约十分钟。', 'Being updated, about ten minutes.') }), undefined, undefined),
  'out-of-hours': view(() => ({ kind: 'out-of-service', reason: closedSentence(CLOSED_NOW) }), undefined, undefined),
  ...Object.fromEntries(Object.entries(staffScreens).map(([name, make]) => [`staff-${name}`, view(() => ({ kind: 'staff', staff: make() }), undefined, undefined)])),
}

const STEPS: readonly StepId[] = ['understand', 'identify', 'fill', 'materials', 'check', 'finish']

export function snapshotOf(name: string, display: DisplaySettings, warning: boolean, widthPx: number, heightPx: number): Snapshot {
  const { make, step, matter } = screens[name] ?? screens['idle']!
  const screen = make()
  const inSession = !['idle', 'out-of-service', 'sorry', 'staff'].includes(screen.kind)
  const session: SessionView | undefined = inSession
    ? {
        warnAt: now() + 60_000,
        endAt: now() + (warning ? 24_000 : 90_000),
        warning,
        identified: step !== 'understand',
        matter: matter === undefined ? undefined : { id: matter.id, name: matter.name, shortName: matter.shortName, department: pack.departments.find(({ id }) => id === matter.department)?.name ?? matter.name, phone: '0990-0000-222', flow: matter.flow },
        steps: step === undefined ? [] : STEPS.map((id, index) => ({ id, state: index < STEPS.indexOf(step) ? 'done' : index === STEPS.indexOf(step) ? 'current' : 'ahead' })),
      }
    : undefined
  const landscape = widthPx > heightPx
  return {
    revision: 1,
    now: now(),
    terminal: { id: 'DEMO-0001', name: text('演示一号终端', 'Demonstration terminal 1'), hall: text('示范市示范区政务服务中心', 'Shifan District Government Service Hall'), demonstration: true, languages: ['zh-CN', 'en'], hours: name === 'out-of-hours' ? CLOSED_NOW : '24h', contact: { phone: '0990-0000-000', note: text('工作日 9:00–17:00 有人接听', 'Answered on working days 9:00–17:00') }, screen: { widthPx, heightPx, widthMm: landscape ? 597 : 336, heightMm: landscape ? 336 : 597 }, network: 'online', devices: [], packVersion: pack.version, keyboardScanner: false },
    display,
    session,
    screen,
  }
}

/** A page drawn on a canvas: ruled lines for text, so that no real paper is needed. */
export function pageFixture(id = 'p1'): string {
  if (id === 'photo') return photoFixture()

  const canvas = document.createElement('canvas')
  canvas.width = 620
  canvas.height = 877
  const pen = canvas.getContext('2d')
  if (pen === null) return ''
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, 620, 877)
  pen.fillStyle = '#1b1b1b'
  pen.font = 'bold 34px sans-serif'
  pen.fillText('房屋租赁合同（演示）', 140, 90)
  pen.font = '22px sans-serif'
  for (const [index, line] of ['出租人：何建国', '公民身份号码：990101195704300051', '房屋地址：示范市示范区柳林路18号3幢502室', '租期：2024年3月1日至2026年2月28日', '月租：1,800 元'].entries()) pen.fillText(line, 60, 160 + index * 52)
  pen.fillStyle = '#c4c4c4'
  for (let line = 0; line < 9; line += 1) pen.fillRect(60, 450 + line * 36, 420 + ((line * 53) % 80), 10)
  return canvas.toDataURL('image/png')
}

/** The same page askew on a desk, as the camera sees it. */
function photoFixture(): string {
  const canvas = document.createElement('canvas')
  canvas.width = 1200
  canvas.height = 900
  const pen = canvas.getContext('2d')
  if (pen === null) return ''
  pen.fillStyle = '#5f6a72'
  pen.fillRect(0, 0, 1200, 900)
  pen.translate(605, 450)
  pen.rotate(0.02)
  pen.fillStyle = '#fbfaf6'
  pen.fillRect(-270, -385, 540, 770)
  pen.fillStyle = '#1b1b1b'
  pen.font = 'bold 30px sans-serif'
  pen.fillText('房屋租赁合同（演示）', -150, -310)
  pen.font = '19px sans-serif'
  for (const [index, line] of ['出租人：何建国', '承租人：陈志远', '房屋地址：示范市示范区柳林路18号3幢502室', '租期：2024年3月1日至2026年2月28日', '月租：1,800 元'].entries()) pen.fillText(line, -220, -250 + index * 46)
  return canvas.toDataURL('image/jpeg', 0.8)
}
