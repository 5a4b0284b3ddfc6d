import { DEVICE_STATE_SENTENCES } from '../../core/device/sentences.ts'
import type { DeviceClass, DeviceState } from '../../core/device/status.ts'
import { pageProblemSentence, pageProblemStaffSentence } from '../../core/document/page-sentences.ts'
import { documentReadSentence, documentReadStaffSentence, fieldDoubtSentence } from '../../core/document/sentences.ts'
import { engineReport } from '../../core/document/engine-sentences.ts'
import type { StaffActKind } from '../../core/staff/act.ts'
import { TECHNICIAN_ACTS } from '../../core/staff/act.ts'
import { COUNTER_LABELS, STAFF_NOTICES, STAFF_PROBLEMS, journalSentence } from '../../core/staff/sentences.ts'
import type { StaffDeskView, StaffDeviceView, StaffJournalView, StaffQueueView, StaffTestStep, StaffTestView, StaffTrainingRunView, StaffTrainingView, StaffView } from '../../core/staff/view.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const now = (): number => Date.now()
const ago = (durationMs: number): number => now() - durationMs

const clerkActs: readonly StaffActKind[] = ['close', 'show', 'test', 'test-answer', 'test-stop', 'try-paper', 'try-stop', 'print-report', 'paper-changed', 'device-out', 'device-back', 'terminal-out', 'terminal-back', 'retry', 'reprint']
const technicianActs: readonly StaffActKind[] = [...clerkActs, ...TECHNICIAN_ACTS]

const NAMES: Readonly<Record<DeviceClass, LocalText>> = {
  'id-card': text('身份证读卡器', 'ID-card reader'),
  'code-scanner': text('扫码窗', 'Code scanner'),
  'social-card': text('社保卡读卡器', 'Social-security card reader'),
  'receipt-printer': text('回执打印机', 'Receipt printer'),
  'page-printer': text('A4 打印机', 'A4 printer'),
  'document-scanner': text('文档扫描仪', 'Document scanner'),
  'document-camera': text('高拍仪', 'Document camera'),
}
const COUNTERS: Readonly<Record<DeviceClass, readonly (readonly [keyof typeof COUNTER_LABELS, number, number])[]>> = {
  'id-card': [['reads', 18_244, 61]],
  'code-scanner': [['codes', 3_120, 9]],
  'social-card': [['reads', 942, 4]],
  'receipt-printer': [['receipts', 15_870, 52], ['metres', 4_127, 14], ['cuts', 15_931, 53]],
  'page-printer': [['pages', 2_204, 7]],
  'document-scanner': [['scans', 9_381, 33]],
  'document-camera': [['scans', 12, 0]],
}
const ADDRESSES: Readonly<Record<DeviceClass, string>> = { 'id-card': '/dev/serial/by-id/usb-demo-reader-0001', 'code-scanner': 'hid 0c2e:0b61', 'social-card': 'PC/SC Demo Reader 00 00', 'receipt-printer': 'tcp 127.0.0.1:9100', 'page-printer': 'ipp://127.0.0.1:8631/ipp/print', 'document-scanner': 'http://127.0.0.1:8080/eSCL', 'document-camera': 'camera 0' }

function device(kind: DeviceClass, state: DeviceState, more: Partial<StaffDeviceView> = {}): StaffDeviceView {
  return {
    id: kind,
    kind,
    name: NAMES[kind],
    address: ADDRESSES[kind],
    status: { state, since: ago(state === 'ready' ? 3 * DAY : 42 * MINUTE), ...(state === 'fault' && { code: 'SAM-31' }), ...(state === 'offline' && { code: 'ECONNREFUSED' }) },
    sentence: DEVICE_STATE_SENTENCES[kind][state].staff,
    details: kind === 'id-card' ? { sam: '05.03-20250108-0001234567-0987654321', firmware: '2.4.1', lineFaults: 3 } : { model: 'DEMO-80' },
    blocks: [],
    outOfService: undefined,
    counters: COUNTERS[kind].map(([id, total, today]) => ({ id, label: COUNTER_LABELS[id], total, today })),
    faults: [],
    consumable: undefined,
    lastTest: { at: ago(2 * DAY), passed: true },
    ...more,
  }
}
const roll = (left: number, lasts: number | undefined): StaffDeviceView['consumable'] => ({ kind: 'roll', left, amountLeft: left * 80, amountLoaded: 80, loadedAt: ago(9 * DAY), runsOutAt: lasts === undefined ? undefined : now() + lasts })
const sheets = (left: number, lasts: number): StaffDeviceView['consumable'] => ({ kind: 'sheets', left, amountLeft: left * 500, amountLoaded: 500, loadedAt: ago(20 * DAY), runsOutAt: now() + lasts })
const blocksIdentity = [text('刷身份证办事', 'Use an ID card'), text('查询本人的办件', 'Ask about their own cases')]
const blocksPrinting = [text('打印参保证明', 'Print a proof of insurance'), text('拿纸质回执', 'Get a receipt on paper')]
const manyFaults = [
  { state: 'no-paper', label: text('缺纸', 'Out of paper'), count: 41, lastAt: ago(6 * HOUR) },
  { state: 'jam', label: text('卡纸', 'Paper jam'), count: 7, lastAt: ago(3 * DAY) },
  { state: 'offline', label: text('断线或没有回应', 'Link lost or no answer'), count: 2, lastAt: ago(400 * DAY) },
]

const good = (): readonly StaffDeviceView[] => [
  device('id-card', 'ready'),
  device('code-scanner', 'ready'),
  device('social-card', 'ready'),
  device('receipt-printer', 'ready', { consumable: roll(0.62, 3.2 * DAY), faults: manyFaults }),
  device('page-printer', 'ready', { consumable: sheets(0.8, 40 * DAY) }),
  device('document-scanner', 'busy'),
  device('document-camera', 'ready'),
]
const faulty = (): readonly StaffDeviceView[] => [
  device('id-card', 'fault', { blocks: blocksIdentity, faults: manyFaults, lastTest: { at: ago(4 * HOUR), passed: false } }),
  device('code-scanner', 'offline', { blocks: [text('扫码取号', 'Scan a code')] }),
  device('social-card', 'starting', { lastTest: undefined }),
  device('receipt-printer', 'no-paper', { blocks: blocksPrinting, consumable: roll(0, 0), faults: manyFaults }),
  device('page-printer', 'paper-low', { consumable: sheets(0.06, 7 * HOUR) }),
  device('document-scanner', 'out-of-service', { outOfService: { reason: 'repair-called', since: ago(26 * HOUR) }, blocks: [text('扫描纸质材料', 'Scan papers')] }),
  device('document-camera', 'ready', { name: text('柜台左侧第二台备用高拍仪（二〇二四年换装，型号较旧）', 'Second spare document camera at the left of the desk (fitted 2024, older model)') }),
]

const emptyQueue: StaffQueueView = { waiting: 0, held: 0, full: false, items: [], unknownPrints: [] }
const busyQueue = (): StaffQueueView => ({
  waiting: 3,
  held: 2,
  full: false,
  items: [
    { localNumber: 'DEMO-0001-000042', matter: 'M05', state: 'waiting', keptAt: ago(26 * HOUR), tries: 31, nextAt: now() + 4 * MINUTE, code: 'UNREACHABLE', sentence: text('后台没有应答，会自动再试。', 'The backend does not answer; it is tried again by itself.') },
    { localNumber: 'DEMO-0001-000043', matter: 'M01', state: 'sending', keptAt: ago(3 * MINUTE), tries: 1, nextAt: undefined, code: undefined, sentence: undefined },
    { localNumber: 'DEMO-0001-000039', matter: 'M12', state: 'held', keptAt: ago(3 * DAY), tries: 2, nextAt: undefined, code: 'CASE-DUPLICATE', sentence: text('后台认为已有同样的办件，请联系受理部门核对后再决定是否重发。', 'The backend says that the same case exists already. Ask the department before sending it again.') },
    { localNumber: 'DEMO-0001-000040', matter: 'M05', state: 'held', keptAt: ago(2 * DAY), tries: 1, nextAt: undefined, code: 'SCHEMA-REFUSED', sentence: text('后台不接受这份表单的版本。', 'The backend does not accept this version of the form.') },
    { localNumber: 'DEMO-0001-000044', matter: 'M05', state: 'waiting', keptAt: ago(30_000), tries: 0, nextAt: now() - 1_000, code: undefined, sentence: undefined },
  ],
  unknownPrints: [
    { job: 1207, at: ago(18 * MINUTE), attempt: 1, why: text('打印到一半断了线，不知道纸有没有出来。', 'The link broke in the middle; nobody knows whether it came out.'), canReprint: true },
    { job: 1199, at: ago(2 * DAY), attempt: 2, why: text('断电后没有打印机的应答。', 'No answer of the printer after a power cut.'), canReprint: false },
  ],
})

const acts = [['paper-changed', 'receipt-printer 80', 'done'], ['sign-in', '', 'done'], ['sign-in', '', 'refused'], ['device-out', 'document-scanner repair-called', 'done'], ['reprint', '1207', 'failed'], ['hours', '09:00–17:00', 'done'], ['test', 'all', 'done'], ['restart', 'device-host', 'done'], ['retry', 'DEMO-0001-000039', 'done'], ['bundle', 'kiosk-DEMO-0001-20260102-081500.bundle.age', 'done'], ['close', '', 'done']] as const
function journal(chain: StaffJournalView['chain']): StaffJournalView {
  return { chain, total: 4_218, entries: acts.map(([act, about, result], index) => ({ number: 4_218 - index, at: ago(index * 97 * MINUTE), staff: index % 3 === 2 ? '2002' : '1001', act, about, result, sentence: journalSentence({ act, about, result }) })) }
}

const TRAINING_FOLDER = '/var/lib/one-window-kiosk/training'
const PAPERS: StaffTrainingView['papers'] = [
  { id: 'resident-id-front', name: text('居民身份证（人像面）', 'Resident ID card, portrait side') },
  { id: 'household-first-page', name: text('户口簿首页', 'Household register, first page') },
  { id: 'marriage-certificate', name: text('结婚证', 'Marriage certificate') },
  { id: 'lease', name: text('房屋租赁合同', 'Residence lease') },
  { id: 'property-certificate', name: text('不动产权证书', 'Property certificate') },
  { id: 'disability-certificate', name: text('残疾人证', 'Disability certificate') },
]
const PICTURES: StaffTrainingView['files'] = [
  { name: '租赁合同 斜拍.jpg', bytes: 3_240_000 },
  { name: '户口簿首页（反光）.jpg', bytes: 2_910_000 },
  { name: 'a-marriage-certificate-whose-name-in-the-folder-is-a-good-deal-too-long-2026-01-01.png', bytes: 11_300_000 },
  { name: 'card.png', bytes: 812_000 },
]
function training(more: Partial<StaffTrainingView>): StaffDeskView {
  return desk({ page: 'training', devices: good(), training: { folder: TRAINING_FOLDER, files: PICTURES, unusable: 2, papers: PAPERS, run: undefined, ...more } })
}
const NOTHING_READ = { state: 'ended', file: '租赁合同 斜拍.jpg', tookMs: 1_240, paper: undefined, citizenSentence: undefined, staffSentence: undefined, findings: [], fields: [], lookMs: undefined, readMs: undefined } as const
const trained = (run: StaffTrainingRunView): StaffDeskView => training({ run })
const findings = (...problems: readonly ('glare' | 'too-small')[]) => problems.map((problem) => ({ problem, weight: problem === 'glare' ? 'hard' as const : 'soft' as const, sentence: pageProblemSentence(problem, 'camera'), staffSentence: pageProblemStaffSentence(problem) }))
const wrongPaper = { kind: 'other-document', found: 'marriage-certificate' } as const
const wrongNames = { wanted: text('户口簿首页', 'Household register, first page'), found: text('结婚证', 'Marriage certificate') }

function desk(more: Partial<StaffDeskView>): StaffDeskView {
  return {
    stage: 'desk',
    page: 'devices',
    who: { staff: '2002', name: '值守员小周', role: 'technician' },
    may: technicianActs,
    signsOutAt: now() + 118_000,
    devices: faulty(),
    test: undefined,
    queue: emptyQueue,
    machine: { terminalId: 'DEMO-0001', software: '0.3.0', packVersion: '2025.6.1-demo-990101', startedAt: ago(11 * DAY), network: 'online', lastBackendAnswerAt: ago(20_000), outOfService: undefined, hours: '24h', openNow: true, disk: { freeBytes: 118_200_000_000, totalBytes: 240_000_000_000 }, reading: engineReport({ state: 'running', engine: 'paddle-native', passedOver: [] }), bundle: { state: 'none' } },
    training: { folder: TRAINING_FOLDER, files: [], unusable: 0, papers: PAPERS, run: undefined },
    journal: journal('whole'),
    notice: undefined,
    ...more,
  }
}
const machine = (more: Partial<StaffDeskView['machine']>, rest: Partial<StaffDeskView> = {}): StaffDeskView => {
  const whole = desk({ page: 'machine', devices: good(), ...rest })
  return { ...whole, machine: { ...whole.machine, ...more } }
}

const step = (id: string, name: LocalText, state: StaffTestStep['state'], detail?: LocalText): StaffTestStep => ({ id, device: id.split('.')[0], name, state, detail })
function steps(states: readonly StaffTestStep['state'][]): readonly StaffTestStep[] {
  const names: readonly (readonly [string, LocalText])[] = [
    ['id-card.status', text('身份证读卡器：状态', 'ID-card reader: state')],
    ['id-card.read', text('身份证读卡器：读卡', 'ID-card reader: reading a card')],
    ['code-scanner.status', text('扫码窗：状态', 'Code scanner: state')],
    ['code-scanner.read', text('扫码窗：扫码', 'Code scanner: reading a code')],
    ['receipt-printer.status', text('回执打印机：状态', 'Receipt printer: state')],
    ['receipt-printer.print', text('回执打印机：打印', 'Receipt printer: printing')],
    ['receipt-printer.look', text('回执打印机：打印效果', 'Receipt printer: what it looks like')],
    ['document-scanner.scan', text('文档扫描仪：扫描', 'Document scanner: scanning')],
    ['machine.network', text('网络和后台', 'Network and backend')],
    ['machine.disk', text('磁盘', 'Disk')],
    ['machine.clock', text('时钟', 'Clock')],
    ['machine.journal', text('审计日志', 'Audit journal')],
    ['machine.screen', text('屏幕和触摸', 'Screen and touch')],
  ]
  return names.map(([id, name], index) => {
    const state = states[index] ?? 'waiting'
    return step(id, name, state, state === 'failed' ? text('没有读到（timeout）。请检查扫码窗是否干净、灯是否亮。', 'Nothing was read (timeout). Check that the window is clean and its light is on.') : id === 'id-card.status' ? text('sam 05.03-20250108-0001234567', 'sam 05.03-20250108-0001234567') : undefined)
  })
}
const passed = (count: number): readonly 'passed'[] => Array.from({ length: count }, () => 'passed' as const)
function test(more: Partial<StaffTestView>): StaffDeskView {
  return desk({ devices: good(), test: { about: 'all', startedAt: ago(2 * MINUTE), state: 'running', steps: steps([...passed(5), 'running']), question: undefined, passed: undefined, ...more } })
}

/** Every stage of the staff page in many states. */
export const staffScreens: Readonly<Record<string, () => StaffView>> = {
  'sign-in': () => ({ stage: 'sign-in', checking: false, problem: undefined, lockedUntil: undefined, endsAt: now() + 58_000 }),
  'sign-in-problem': () => ({ stage: 'sign-in', checking: false, problem: STAFF_PROBLEMS['wrong-pin'], lockedUntil: undefined, endsAt: now() + 15_000 }),
  'sign-in-locked': () => ({ stage: 'sign-in', checking: false, problem: STAFF_PROBLEMS.locked, lockedUntil: now() + 4 * MINUTE + 12_000, endsAt: now() + 40_000 }),
  'sign-in-checking': () => ({ stage: 'sign-in', checking: true, problem: undefined, lockedUntil: undefined, endsAt: now() + 58_000 }),
  'factor-code': () => ({ stage: 'second-factor', act: 'terminal-out', ways: ['code', 'card'], reading: false, problem: undefined, lockedUntil: undefined, signsOutAt: now() + 100_000 }),
  'factor-problem': () => ({ stage: 'second-factor', act: 'hours', ways: ['code'], reading: false, problem: STAFF_PROBLEMS['code-used'], lockedUntil: undefined, signsOutAt: now() + 100_000 }),
  'factor-locked': () => ({ stage: 'second-factor', act: 'restart', ways: ['code', 'card'], reading: false, problem: undefined, lockedUntil: now() + 59_000, signsOutAt: now() + 100_000 }),
  'factor-card': () => ({ stage: 'second-factor', act: 'reprint', ways: ['code', 'card'], reading: true, problem: undefined, lockedUntil: undefined, signsOutAt: now() + 100_000 }),
  'factor-card-problem': () => ({ stage: 'second-factor', act: 'bundle', ways: ['card'], reading: false, problem: STAFF_PROBLEMS['wrong-card'], lockedUntil: undefined, signsOutAt: now() + 100_000 }),
  devices: () => desk({}),
  'devices-good': () => desk({ devices: good(), who: { staff: '10010001', name: '欧阳值守员（自治区政务服务中心夜班）', role: 'clerk' }, may: clerkActs }),
  'devices-none': () => desk({ devices: [] }),
  'devices-done': () => desk({ devices: good(), notice: { kind: 'done', sentence: STAFF_NOTICES['paper-changed'], at: now() } }),
  'devices-problem': () => desk({ notice: { kind: 'problem', sentence: STAFF_PROBLEMS['journal-fault'], at: now() } }),
  queue: () => desk({ page: 'queue', devices: good(), queue: busyQueue() }),
  'queue-empty': () => desk({ page: 'queue', devices: good() }),
  'queue-full': () => desk({ page: 'queue', devices: good(), queue: { ...busyQueue(), full: true, unknownPrints: [] } }),
  machine: () => machine({}),
  'machine-out': () => machine({ outOfService: { reason: 'cleaning', since: ago(12 * MINUTE) }, network: 'offline', lastBackendAnswerAt: ago(3 * HOUR), disk: undefined, packVersion: undefined, reading: engineReport({ state: 'unfit', fault: { kind: 'model-altered', part: 'recognition' } }) }),
  'machine-clerk': () => machine({ hours: { open: '09:00', close: '17:30' }, openNow: false, lastBackendAnswerAt: undefined }, { may: clerkActs, who: { staff: '1001', name: '值守员小李', role: 'clerk' } }),
  'machine-bundle': () => machine({ bundle: { state: 'ready', file: '/var/lib/one-window-kiosk/bundles/kiosk-DEMO-0001-20260102-081500.bundle.age', bytes: 3_440_000, at: ago(30_000) } }),
  'machine-making': () => machine({ bundle: { state: 'making' } }),
  'machine-failed': () => machine({ bundle: { state: 'failed', sentence: STAFF_PROBLEMS['no-recipient'] } }),
  journal: () => desk({ page: 'journal', devices: good() }),
  'journal-broken': () => desk({ page: 'journal', devices: good(), journal: journal('broken') }),
  'journal-checking': () => desk({ page: 'journal', devices: good(), journal: { entries: [], total: 0, chain: 'checking' } }),
  'test-running': () => test({}),
  'test-doing': () => test({ state: 'asking', steps: steps(['passed', 'running']), question: { step: 'id-card.read', kind: 'doing', sentence: text('请把任意一张身份证放在读卡区。', 'Lay any ID card on the reader.') } }),
  'test-looking': () => test({ state: 'asking', steps: steps([...passed(3), 'failed', 'passed', 'passed', 'running']), question: { step: 'receipt-printer.look', kind: 'looking', sentence: text('测试回执出来了吗？字迹完整、够黑、切口整齐吗？', 'Has the test receipt come out? Is it whole, dark and cut clean?') } }),
  'test-passed': () => test({ state: 'ended', steps: steps(passed(13)), passed: true }),
  'test-failed': () => test({ state: 'ended', steps: steps([...passed(3), 'failed', 'failed', 'skipped', 'skipped', ...passed(6)]), passed: false }),
  'test-stopped': () => test({ about: 'receipt-printer', state: 'ended', steps: steps(['passed', 'skipped']).slice(4, 7).map((one) => ({ ...one, state: 'skipped' as const })), passed: false }),
  'training-empty': () => training({ files: [], unusable: 0 }),
  training: () => training({}),
  'training-running': () => trained({ state: 'running', file: '租赁合同 斜拍.jpg', step: text('正在识别文字', 'Reading the text'), percent: 62 }),
  'training-read': () => trained({
    ...NOTHING_READ, end: 'read', paper: text('房屋租赁合同', 'Residence lease'), lookMs: 420, readMs: 780, findings: findings('glare', 'too-small'),
    fields: [
      { id: 'landlord', label: text('出租人姓名', 'Landlord'), value: '周桂兰', state: 'sure', why: undefined },
      { id: 'number', label: text('承租人身份证号码', 'Tenant’s ID number'), value: '990101195803120027', state: 'unsure', why: fieldDoubtSentence('repaired') },
      { id: 'address', label: text('房屋坐落', 'Address of the home'), value: '示范市示范区演示路 1 号试验小区十二号楼三单元五〇一室', state: 'sure', why: undefined },
      { id: 'rent', label: text('月租金', 'Monthly rent'), value: '', state: 'missing', why: fieldDoubtSentence('not-found') },
    ],
  }),
  'training-wrong-paper': () => trained({ ...NOTHING_READ, end: 'stopped', paper: wrongNames.found, citizenSentence: documentReadSentence(wrongPaper, wrongNames), staffSentence: documentReadStaffSentence(wrongPaper, wrongNames), lookMs: 420, readMs: 640 }),
  'training-failed': () => trained({ ...NOTHING_READ, end: 'failed', citizenSentence: documentReadSentence({ kind: 'reader-failed', code: 'start' }), staffSentence: documentReadStaffSentence({ kind: 'reader-failed', code: 'start' }) }),
  'signing-out': () => desk({ devices: good(), signsOutAt: now() + 17_000 }),
}
