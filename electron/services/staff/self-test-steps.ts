import type { PagePrintOutcome, PrintOutcome } from '../../../core/device/operations.ts'
import type { DeviceClass, DeviceReport } from '../../../core/device/status.ts'
import { isUsable } from '../../../core/device/status.ts'
import { cardReadErrorSentences, codeReadErrorSentences, deviceStateSentences, pagePrintSentences, printSentences, scanErrorSentences, socialCardErrorSentences } from '../../../core/device/sentences.ts'
import type { DeviceId } from '../../../core/ids.ts'
import type { ReceiptDocument } from '../../../core/receipt/document.ts'
import { testReceipt } from '../../../core/staff/report.ts'
import { testPage } from '../../../core/staff/test-page.ts'
import { chinaDateTime } from '../../../core/text/china-time.ts'
import type { Language, LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import type { HealthyHost } from '../health/healthy-host.ts'

export interface StepResult {
  readonly passed: boolean
  readonly detail?: LocalText
}

/** What a step may ask of the person who tests. */
export interface Tester {
  /** A yes or no that only eyes can give. */
  looks(sentence: LocalText): Promise<boolean>
  /** Asks for a deed and waits until the person says that it is done, or that it cannot be. */
  does(sentence: LocalText): Promise<boolean>
  /** Asks for a deed that the device itself notices; ends with what it came to. `signal` is aborted when it cannot be done. */
  doing<T>(sentence: LocalText, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Somebody is there, though nobody touched the screen: a card was laid. */
  noticed(): void
}

export interface TestStep {
  readonly id: string
  readonly device: string | undefined
  readonly name: LocalText
  /** A step that makes no sense when this one has failed is skipped. */
  readonly needs?: string
  readonly run: (tester: Tester, signal: AbortSignal) => Promise<StepResult>
}

export interface StepWorld {
  readonly devices: readonly { readonly id: string; readonly kind: DeviceClass; readonly name: LocalText }[]
  readonly host: HealthyHost
  readonly printReceipt: (document: ReceiptDocument) => Promise<PrintOutcome>
  readonly terminalId: string
  readonly language: Language
  readonly now: () => number
  readonly online: () => boolean
  readonly disk: () => Promise<{ readonly freeBytes: number; readonly totalBytes: number } | undefined>
  readonly journalWhole: () => Promise<boolean>
  readonly outbox: () => Promise<{ readonly held: number; readonly full: boolean; readonly paused: string | undefined }>
}

const DEED_LIMIT_MS = 45_000
/** Less than this, and a busy week of scans may fill the disk. */
const LEAST_FREE_BYTES = 1024 ** 3
/** A clock before this version was written is wrong. */
const EARLIEST_CLOCK_MS = Date.UTC(2026, 0, 1)

/** What of a device's own account of itself belongs into a report. */
const DETAIL_LABELS: readonly (readonly [RegExp, LocalText])[] = [[/sam/i, text('安全模块', 'Security module')], [/model/i, text('型号', 'Model')], [/serial/i, text('序列号', 'Serial number')], [/firmware/i, text('固件', 'Firmware')]]

const PASSED: StepResult = { passed: true }

/** Every step for one device. */
export function deviceSteps(world: StepWorld, device: StepWorld['devices'][number]): readonly TestStep[] {
  const id = device.id as DeviceId
  const step = (name: string, words: LocalText, run: TestStep['run'], needs?: string): TestStep => ({
    id: `${device.id}.${name}`, device: device.id, name: text(`${device.name['zh-CN']}：${words['zh-CN']}`, `${device.name.en}: ${words.en}`), run, ...(needs !== undefined && { needs: `${device.id}.${needs}` }),
  })
  const status = step('status', text('状态', 'state'), () => Promise.resolve(statusOf(world.host.driverReports().find((report) => report.id === device.id))))
  switch (device.kind) {
    case 'id-card': return [status, step('read', text('读卡', 'reading a card'), (tester) => readCard(world.host, id, tester), 'status')]
    case 'social-card': return [status, step('read', text('读卡', 'reading a card'), async (tester) => {
      const reading = await tester.doing(text('请插入任意一张社保卡。', 'Insert any social-security card.'), (signal) => world.host.readSocialCard(id, { timeoutMs: DEED_LIMIT_MS }, () => undefined, signal))
      // What it said is dropped here, unlooked at.
      if (reading.ok) tester.noticed()
      return reading.ok ? PASSED : { passed: false, detail: socialCardErrorSentences(reading.error).staff }
    }, 'status')]
    case 'code-scanner': return [status, step('read', text('扫码', 'reading a code'), async (tester) => {
      const read = await tester.doing(text('请把任意二维码或条码对准扫码窗。', 'Show any code to the scanner.'), (signal) => world.host.readCode(id, { timeoutMs: DEED_LIMIT_MS }, signal))
      if (read.ok) tester.noticed()
      return read.ok ? { passed: true, detail: text(`读到 ${read.value.bytes.length} 字节。`, `${read.value.bytes.length} bytes.`) } : { passed: false, detail: codeReadErrorSentences(read.error).staff }
    }, 'status')]
    case 'receipt-printer': return [
      status,
      step('print', text('打印', 'printing'), async () => {
        const outcome = await world.printReceipt(testReceipt(world.now(), world.language))
        return outcome.kind === 'printed' ? PASSED : { passed: false, detail: printSentences(outcome).staff }
      }, 'status'),
      step('look', text('打印效果', 'what it looks like'), async (tester) => ({ passed: await tester.looks(text('测试回执出来了吗？字迹完整、够黑、切口整齐吗？', 'Has the test receipt come out? Is it whole, dark and cut clean?')) }), 'print'),
    ]
    case 'page-printer': return [
      status,
      step('print', text('打印', 'printing'), async () => {
        const pdf = testPage(['Test page', world.terminalId, chinaDateTime(world.now())])
        return pagePrintResult(await world.host.printPages(id, { number: `TEST-${world.now()}`, pdf, pages: 1 }, () => undefined))
      }, 'status'),
      step('look', text('打印效果', 'what it looks like'), async (tester) => ({ passed: await tester.looks(text('测试页出来了吗？四边的框完整、不歪，从白到黑的格子分得清吗？', 'Has the test page come out? Is the frame whole and straight, and can the steps from white to black be told apart?')) }), 'print'),
    ]
    case 'document-scanner': return [status, step('scan', text('扫描', 'scanning'), async (tester, signal) => {
      if (!(await tester.does(text('请在扫描仪上放一张任意的纸，然后点“完成”。', 'Lay any paper on the scanner, then say that it is done.')))) return { passed: false, detail: text('没有放纸。', 'No paper was laid.') }
      const page = await world.host.scanPage(id, { source: 'platen' }, () => undefined, signal)
      if (!page.ok) return { passed: false, detail: scanErrorSentences(page.error).staff }
      const { bytes, widthPx, heightPx } = page.value
      // The picture was decoded whole on its way here; nobody looks at it.
      bytes.fill(0)
      return { passed: true, detail: text(`图像 ${widthPx}×${heightPx}，已丢弃。`, `Picture of ${widthPx}×${heightPx}, dropped.`) }
    }, 'status')]
    case 'document-camera': return [status]
  }
}

/** What belongs to no device: screen, network, disk, clock, outbox, journal. */
export function machineSteps(world: StepWorld): readonly TestStep[] {
  const step = (id: string, name: LocalText, run: TestStep['run']): TestStep => ({ id: `machine.${id}`, device: undefined, name, run })
  return [
    step('network', text('网络和后台', 'Network and backend'), () => Promise.resolve(world.online() ? PASSED : { passed: false, detail: text('后台没有应答。', 'The backend does not answer.') })),
    step('disk', text('磁盘', 'Disk'), async () => {
      const disk = await world.disk()
      if (disk === undefined) return { passed: false, detail: text('读不到磁盘空间。', 'The disk does not tell its space.') }
      const free = (disk.freeBytes / 1024 ** 3).toFixed(1)
      return { passed: disk.freeBytes >= LEAST_FREE_BYTES, detail: text(`剩余 ${free} GiB。`, `${free} GiB free.`) }
    }),
    step('clock', text('时钟', 'Clock'), async (tester) => {
      const now = world.now()
      if (now < EARLIEST_CLOCK_MS) return { passed: false, detail: text('时钟不对，请检查主板电池和对时。', 'The clock is wrong. Check its battery and time service.') }
      const shown = chinaDateTime(now)
      return { passed: await tester.looks(text(`本机时间是 ${shown}，对吗？`, `This machine says ${shown}. Is that right?`)), detail: text(shown, shown) }
    }),
    step('outbox', text('待发件箱', 'Outbox'), async () => {
      const { held, full, paused } = await world.outbox()
      if (paused !== undefined) return { passed: false, detail: text(`后台不认本机凭证（${paused}）。`, `The backend does not accept this terminal (${paused}).`) }
      if (full) return { passed: false, detail: text('已存满。', 'It is full.') }
      return held === 0 ? PASSED : { passed: true, detail: text(`有 ${held} 件等待处理。`, `${held} to be seen to.`) }
    }),
    step('journal', text('审计日志', 'Audit journal'), async () => ((await world.journalWhole()) ? PASSED : { passed: false, detail: text('不完整，请报告。', 'It is not whole. Report it.') })),
    step('screen', text('屏幕和触摸', 'Screen and touch'), async (tester) => ({ passed: await tester.looks(text('画面完整清楚，四角都能点到吗？', 'Is the picture whole and clear, and does every corner answer to a touch?')) })),
  ]
}

function statusOf(report: DeviceReport | undefined): StepResult {
  if (report === undefined) return { passed: false, detail: text('没有状态。', 'No state is known.') }
  const { state } = report.status
  const sentence = deviceStateSentences(report.kind, report.status).staff
  if (!isUsable(state)) return { passed: false, detail: sentence }
  const details = Object.entries(report.details ?? {}).flatMap(([name, value]) => {
    const label = DETAIL_LABELS.find(([pattern]) => pattern.test(name))?.[1]
    return label === undefined ? [] : [text(`${label['zh-CN']} ${value}`, `${label.en} ${value}`)]
  })
  const told = details.length > 0 ? text(`${details.map((detail) => detail['zh-CN']).join('，')}。`, `${details.map((detail) => detail.en).join(', ')}.`) : state === 'paper-low' ? sentence : undefined
  return { passed: true, ...(told && { detail: told }) }
}

async function readCard(host: HealthyHost, id: DeviceId, tester: Tester): Promise<StepResult> {
  const reading = await tester.doing(text('请把任意一张身份证放在读卡区。', 'Lay any ID card on the reader.'), (signal) => host.readCard(id, { timeoutMs: DEED_LIMIT_MS }, (progress) => {
    if (progress.kind === 'card-found') tester.noticed()
  }, signal))
  if (!reading.ok) return { passed: false, detail: cardReadErrorSentences(reading.error).staff }
  tester.noticed()
  // Only that it could be read counts: what it says is wiped unlooked at.
  reading.value.photo?.bytes.fill(0)
  return PASSED
}

function pagePrintResult(outcome: PagePrintOutcome): StepResult {
  return outcome.kind === 'printed' ? PASSED : { passed: false, detail: pagePrintSentences(outcome).staff }
}
