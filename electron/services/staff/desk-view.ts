import type { DeviceConfig } from '../../../core/config/kiosk-config.ts'
import { DEVICE_CLASS_NAMES, deviceStateName, deviceStateSentences, PRINT_OBSTACLE_SENTENCES } from '../../../core/device/sentences.ts'
import type { DeviceReport, DeviceStatus } from '../../../core/device/status.ts'
import { isUsable } from '../../../core/device/status.ts'
import { COUNTER_LABELS, journalSentence } from '../../../core/staff/sentences.ts'
import type { StaffDeviceView, StaffJournalView, StaffQueueView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import type { AuditRow } from '../audit/chain.ts'
import type { Health } from '../health/health.ts'
import type { ApplicationRow, OutboxStatus } from '../outbox/outbox.ts'
import type { UnknownPrint } from '../printing/printing.ts'

/** One device as the desk shows it: what the driver says, what is remembered of it, what staff decided. */
export function deviceView(config: DeviceConfig, report: DeviceReport | undefined, health: Health, blocks: readonly LocalText[]): StaffDeviceView {
  const status = report?.status ?? { state: 'starting', since: 0 }
  const consumed = config.class === 'receipt-printer' ? 'roll' : config.class === 'page-printer' ? 'sheets' : undefined
  return {
    id: config.id,
    kind: config.class,
    name: config.name ?? DEVICE_CLASS_NAMES[config.class],
    address: addressOf(config),
    status,
    sentence: sentenceOf(config, status, health),
    details: report?.details ?? {},
    blocks,
    outOfService: health.outOfService(config.id),
    counters: health.counters(config.id).map(({ id, total, today }) => ({ id, label: COUNTER_LABELS[id], total: rounded(total), today: rounded(today) })),
    faults: health.faults(config.id).map(({ state, count, lastAt }) => ({ state, label: deviceStateName(state), count, lastAt })),
    consumable: consumed && health.consumable(config.id, consumed),
    lastTest: health.lastTest(config.id),
  }
}

/** What is wrong comes first; of a device that works and was taken out, how it comes back. */
function sentenceOf(config: DeviceConfig, status: DeviceStatus, health: Health): LocalText {
  const out = health.outOfService(config.id)
  if (out === undefined || !isUsable(status.state)) return deviceStateSentences(config.class, status).staff
  const { staff, todo } = deviceStateSentences(config.class, { state: 'out-of-service', since: out.since })
  return text(`${staff['zh-CN']}${todo['zh-CN']}`, `${staff.en} ${todo.en}`)
}

/** Metres have a part behind the point; adding them up must not show. */
function rounded(amount: number): number {
  return Math.round(amount * 10) / 10
}

/** Where a device is attached, as a technician would write it. */
export function addressOf({ address }: DeviceConfig): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0')
  switch (address.kind) {
    case 'serial': return `${address.path} ${address.baud}`
    case 'tcp': return `${address.host}:${address.port}`
    case 'hid':
    case 'hid-pos': return `HID ${hex(address.vendorId)}:${hex(address.productId)}`
    case 'usb': return `USB ${hex(address.vendorId)}:${hex(address.productId)}`
    case 'keyboard': return 'keyboard'
    case 'pcsc': return address.reader ?? 'PC/SC'
    case 'usb-printer': return address.path
    case 'ipp':
    case 'escl': return address.url
    case 'sane': return address.device
    case 'camera': return address.label ?? 'camera'
  }
}

/** What has not been sent, and what may or may not have been printed. Numbers, times and codes only. */
export function queueView(rows: readonly ApplicationRow[], status: OutboxStatus | undefined, prints: readonly UnknownPrint[]): StaffQueueView {
  return {
    waiting: status?.waiting ?? 0,
    held: status?.held ?? 0,
    full: status?.full ?? false,
    items: rows.flatMap((row) => {
      if (row.state === 'done' || row.state === 'refused') return []
      const { localNumber, matter, createdAt, tries, nextAt, lastCode } = row
      const state = row.state === 'ready' ? 'waiting' : row.state
      return [{ localNumber, matter, state, keptAt: createdAt, tries, nextAt: state === 'waiting' ? nextAt : undefined, code: lastCode, sentence: lastCode === undefined ? undefined : codeSentence(lastCode, state === 'held') }]
    }),
    unknownPrints: prints.map(({ job, at, attempt, why, canReprint }) => ({ job, at, attempt, why: PRINT_OBSTACLE_SENTENCES[why].staff, canReprint })),
  }
}

function codeSentence(code: string, held: boolean): LocalText {
  if (/^sealed-unreadable|^attachment-unreadable/.test(code)) return text('本机打不开这件申请，请联系维护人员，不要删除。', 'This machine cannot open the application. Call maintenance; do not delete it.')
  if (held) return text('后台不接受这件申请，请按代码联系平台，处理后再重新发送。', 'The backend does not take this application. Call the platform with the code, then send it again.')
  if (/^(unreachable|timeout)/.test(code)) return text('后台没有应答，恢复后自动发送。', 'The backend did not answer. It is sent by itself when it does.')
  return text('后台暂时没有接受，将自动重试。', 'The backend has not taken it yet. It is tried again by itself.')
}

/** The newest acts, and whether the chain held. */
export function journalView(rows: readonly AuditRow[], total: number, chain: StaffJournalView['chain']): StaffJournalView {
  return { total, chain, entries: rows.map((row) => ({ number: row.number, at: row.at, staff: row.staff, act: row.act, about: row.about, result: row.result, sentence: journalSentence(row) })) }
}
