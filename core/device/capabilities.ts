import type { Ability } from '../config/kiosk-config.ts'
import { ABILITIES_OF_CLASS } from '../config/device-mistakes.ts'
import { ABILITIES } from '../config/kiosk-config.ts'
import type { DeviceId } from '../ids.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import { deviceReportSentences, withinSentence } from './state-sentences.ts'
import { DEVICE_CLASS_NAMES } from './sentences.ts'
import type { TwoSentences } from './two-sentences.ts'
import type { DeviceClass, DeviceReport, DeviceState } from './status.ts'
import { isUsable } from './status.ts'

/** What the outbox says about itself; counts only. */
export interface OutboxState {
  /** Applications kept here that the backend has not received yet. */
  readonly waiting: number
  /** Parked for staff: refused by the backend as they are. */
  readonly held: number
  /** Nothing more can be kept: 80 % of the disk or the permitted backlog is reached. Then nothing can be submitted either. */
  readonly full: boolean
}

export type NetworkState = 'online' | 'offline'

/** What stands in the way of an ability: the device that is nearest to work again, or none of the kind in the configuration. */
export type Obstacle =
  | { readonly kind: 'not-built-in'; readonly device: DeviceClass }
  | { readonly kind: 'not-usable'; readonly device: DeviceClass; readonly state: DeviceState; readonly reason?: LocalText }

/** What this machine can do at this moment, for the idle screen, the matter list and the health page. */
export interface Capabilities {
  readonly identify: boolean
  /** Receipts. */
  readonly print: boolean
  readonly scan: boolean
  readonly network: NetworkState
  /** An application that is finished here can be kept, and sent as soon as the backend answers. */
  readonly submit: boolean
  /** Each ability by itself, `print` and its kin among them. */
  readonly abilities: Readonly<Record<Ability, boolean>>
  /** What stands in the way of each ability that is not there. */
  readonly obstacles: Readonly<Partial<Record<Ability, Obstacle>>>
  /** Why something cannot be done, or can be done only in part. Nothing stands here for what works. */
  readonly reasons: {
    readonly identify?: TwoSentences
    readonly print?: TwoSentences
    readonly scan?: TwoSentences
    readonly network?: TwoSentences
    readonly submit?: TwoSentences
  }
  /** Devices that work and will soon not: the one thing for staff to do before that. */
  readonly notices: readonly { readonly device: DeviceId; readonly sentence: LocalText }[]
}

export { ABILITIES_OF_CLASS }

/** The class that is named when no device of any fitting class is built in. */
const FIRST_CLASS: Readonly<Record<Ability, DeviceClass>> = {
  identify: 'id-card',
  'scan-code': 'code-scanner',
  'read-social-card': 'social-card',
  'print-receipt': 'receipt-printer',
  'print-pages': 'page-printer',
  'scan-pages': 'document-scanner',
}

/** The part of a device's configuration that says what rests on it. */
export interface ServingDevice {
  readonly id: string
  readonly class: DeviceClass
  readonly serves?: readonly Ability[] | undefined
}

/**
 * Says what the machine can do now. One usable device that serves an ability is enough. `network` is proved by an answer of
 * our own backend, never by the operating system's opinion.
 *
 * @param devices the configuration; a device that has not reported yet counts as starting. Left out: every device that
 * reports serves what its class can do.
 */
export function capabilities(reports: readonly DeviceReport[], network: NetworkState, outbox: OutboxState, devices?: readonly ServingDevice[]): Capabilities {
  const serving = devices === undefined ? reports.map((report) => ({ report, serves: ABILITIES_OF_CLASS[report.kind] })) : devices.map((device) => ({ report: reportOf(device, reports), serves: device.serves ?? ABILITIES_OF_CLASS[device.class] }))
  const missing = ABILITIES.map((ability) => [ability, missingFor(ability, serving.filter(({ serves }) => serves.includes(ability)).map(({ report }) => report))] as const)
  const why = (ability: Ability): TwoSentences | undefined => missing.find(([name]) => name === ability)?.[1]?.sentences
  const identify = why('identify')
  const print = why('print-receipt')
  const scan = why('scan-pages')
  const submit = submitting(network, outbox)
  return {
    identify: identify === undefined,
    print: print === undefined,
    scan: scan === undefined,
    network,
    submit: submit === undefined,
    abilities: Object.fromEntries(missing.map(([ability, lack]) => [ability, lack === undefined])) as Record<Ability, boolean>,
    obstacles: Object.fromEntries(missing.flatMap(([ability, lack]) => (lack === undefined ? [] : [[ability, lack.obstacle] as const]))),
    reasons: {
      ...(identify === undefined ? {} : { identify }),
      ...(print === undefined ? {} : { print }),
      ...(scan === undefined ? {} : { scan }),
      ...(network === 'online' ? {} : { network: networkReason(outbox) }),
      ...(submit === undefined ? {} : { submit }),
    },
    notices: reports.filter((report) => report.status.state === 'paper-low').map((report) => ({ device: report.id, sentence: deviceReportSentences(report).todo })),
  }
}

/**
 * The device to use for an ability now: a usable one before one that is not, and in the order of the configuration.
 * Undefined when no device serves it.
 */
export function deviceFor(ability: Ability, devices: readonly ServingDevice[], reports: readonly DeviceReport[]): DeviceId | undefined {
  const serving = devices.filter((device) => (device.serves ?? ABILITIES_OF_CLASS[device.class]).includes(ability)).map((device) => reportOf(device, reports))
  return (serving.find((report) => isUsable(report.status.state)) ?? serving[0])?.id
}

function reportOf(device: ServingDevice, reports: readonly DeviceReport[]): DeviceReport {
  return reports.find((report) => report.id === device.id) ?? { id: device.id as DeviceId, kind: device.class, status: { state: 'starting', since: 0 } }
}

/** The reason of the device that is nearest to work again: that is the one worth telling. */
function missingFor(ability: Ability, serving: readonly DeviceReport[]): { readonly obstacle: Obstacle; readonly sentences: TwoSentences } | undefined {
  if (serving.some((report) => isUsable(report.status.state))) return undefined
  const nearest = serving.toSorted((a, b) => NEARNESS[a.status.state] - NEARNESS[b.status.state])[0]
  if (nearest === undefined) return { obstacle: { kind: 'not-built-in', device: FIRST_CLASS[ability] }, sentences: notBuiltIn(FIRST_CLASS[ability]) }
  const { kind, status, reason } = nearest
  // Codes are for the page of each device; what is said here is compared and shown in many places.
  const sentences = deviceReportSentences({ kind, status: { state: status.state, since: status.since }, ...(reason === undefined ? {} : { reason }) })
  return { obstacle: { kind: 'not-usable', device: kind, state: status.state, ...(reason === undefined ? {} : { reason }) }, sentences }
}

/** From "in a moment by itself" over "any member of staff can mend it" to "needs repair". */
const NEARNESS: Readonly<Record<DeviceState, number>> = {
  ready: 0, busy: 1, 'paper-low': 2, starting: 3, 'output-full': 4, 'cover-open': 5, 'no-paper': 6, jam: 7, 'no-toner': 8, offline: 9, 'out-of-service': 10, 'cutter-fault': 11, fault: 12,
}

function notBuiltIn(kind: DeviceClass): TwoSentences {
  const name: LocalText = DEVICE_CLASS_NAMES[kind]
  return {
    citizen: text(`本机没有${name['zh-CN']}，需要时请到人工窗口办理。`, `This machine has no ${withinSentence(name.en)}. Where it is needed, please go to the counter.`),
    staff: text(`终端配置里没有${name['zh-CN']}。`, `No ${withinSentence(name.en)} stands in this terminal’s configuration.`),
  }
}

function submitting(network: NetworkState, outbox: OutboxState): TwoSentences | undefined {
  if (!outbox.full) return undefined
  // Every application is kept here first, also while the backend answers.
  if (network === 'online') {
    return {
      citizen: text('本机已存满，暂时不能收件，请换一台机器或到人工窗口办理。', 'This machine is full and takes no applications now. Please use another machine or go to the counter.'),
      staff: text(`待发件或磁盘已满（待发 ${outbox.waiting} 件，挂起 ${outbox.held} 件）：请清理磁盘或处理积压。`, `The outbox or the disk is full (waiting: ${outbox.waiting}, held: ${outbox.held}). Free the disk or see to the backlog.`),
    }
  }
  return {
    citizen: text('网络中断，本机已存满，暂时不能收件，请到人工窗口办理。', 'The network is down and this machine can keep no more. Please go to the counter.'),
    staff: text(`网络中断且待发件已存满（${outbox.waiting} 件）：请先恢复网络。`, `The network is down and the outbox is full (${outbox.waiting} waiting). Restore the network first.`),
  }
}

function networkReason(outbox: OutboxState): TwoSentences {
  return {
    citizen: outbox.full
      ? text('网络中断，暂时不能提交。', 'The network is down; nothing can be handed in now.')
      : text('网络中断。您可以继续办理，材料先保存在本机，联网后自动提交。', 'The network is down. You can go on: your application is kept here and sent when the network is back.'),
    staff: text(`收不到后台的应答，待发 ${outbox.waiting} 件，挂起 ${outbox.held} 件。`, `The backend does not answer. Waiting: ${outbox.waiting}, held: ${outbox.held}.`),
  }
}
