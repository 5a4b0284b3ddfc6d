import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { TwoSentences } from './sentences.ts'
import { DEVICE_CLASS_NAMES, DEVICE_STATE_SENTENCES } from './sentences.ts'
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

/** What this machine can do at this moment, for the idle screen, the matter list and the health page. */
export interface Capabilities {
  readonly identify: boolean
  readonly print: boolean
  readonly scan: boolean
  readonly network: NetworkState
  /** An application that is finished here can be kept, and sent as soon as the backend answers. */
  readonly submit: boolean
  /** Why something cannot be done, or can be done only in part. Nothing stands here for what works. */
  readonly reasons: {
    readonly identify?: TwoSentences
    readonly print?: TwoSentences
    readonly scan?: TwoSentences
    readonly network?: TwoSentences
    readonly submit?: TwoSentences
  }
}

/**
 * Says what the machine can do now. One usable device of a class is enough. `network` is proved by an answer of our own
 * backend, never by the operating system's opinion.
 */
export function capabilities(reports: readonly DeviceReport[], network: NetworkState, outbox: OutboxState): Capabilities {
  const identify = ability(reports, 'id-card')
  const print = ability(reports, 'receipt-printer')
  const scan = ability(reports, 'document-scanner')
  const submit = submitting(network, outbox)
  return {
    identify: identify === undefined,
    print: print === undefined,
    scan: scan === undefined,
    network,
    submit: submit === undefined,
    reasons: {
      ...(identify === undefined ? {} : { identify }),
      ...(print === undefined ? {} : { print }),
      ...(scan === undefined ? {} : { scan }),
      ...(network === 'online' ? {} : { network: networkReason(outbox) }),
      ...(submit === undefined ? {} : { submit }),
    },
  }
}

/** The reason of the device that is nearest to work again: that is the one worth telling. */
function ability(reports: readonly DeviceReport[], kind: DeviceClass): TwoSentences | undefined {
  const ofKind = reports.filter((report) => report.kind === kind)
  if (ofKind.some((report) => isUsable(report.status.state))) return undefined
  const nearest = ofKind.toSorted((a, b) => NEARNESS.indexOf(a.status.state) - NEARNESS.indexOf(b.status.state))[0]
  return nearest === undefined ? notBuiltIn(kind) : DEVICE_STATE_SENTENCES[kind][nearest.status.state]
}

/** From "in a moment by itself" over "any member of staff can mend it" to "needs repair". */
const NEARNESS: readonly DeviceState[] = ['ready', 'busy', 'paper-low', 'starting', 'cover-open', 'no-paper', 'jam', 'offline', 'cutter-fault', 'fault']

function notBuiltIn(kind: DeviceClass): TwoSentences {
  const name: LocalText = DEVICE_CLASS_NAMES[kind]
  return {
    citizen: text(`本机没有${name['zh-CN']}，需要时请到人工窗口办理。`, `This machine has no ${lowerFirst(name.en)}. Where it is needed, please go to the counter.`),
    staff: text(`终端配置里没有${name['zh-CN']}。`, `No ${lowerFirst(name.en)} stands in this terminal’s configuration.`),
  }
}

/** `Receipt printer` within a sentence is `receipt printer`, but `ID card reader` stays. */
function lowerFirst(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
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
