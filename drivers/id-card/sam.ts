import { text } from '../../core/text/local-text.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { encodeRequest } from './frame.ts'
import { cardField } from './card-record.ts'
import type { ReplyFrame } from './frame.ts'

/**
 * The commands that this driver sends. `more-addresses` follows a good read while the card has not moved. Fingerprints
 * (30 10) are never asked for, and the speed (60 nn) is never changed.
 */
export type SamCommand = 'reset' | 'status' | 'sam-number' | 'find' | 'select' | 'read' | 'more-addresses'

interface CommandRule {
  readonly code: number
  readonly parameter: number
  /** Longest wait for the reply, without the time that its bytes take on a slow wire. */
  readonly limitMs: number
  /** Bytes of the largest good reply, head and check byte included. */
  readonly replyBytes: number
}

const RULES: Readonly<Record<SamCommand, CommandRule>> = {
  reset: { code: 0x10, parameter: 0xff, limitMs: 3000, replyBytes: 11 },
  status: { code: 0x11, parameter: 0xff, limitMs: 1000, replyBytes: 11 },
  'sam-number': { code: 0x12, parameter: 0xff, limitMs: 1000, replyBytes: 27 },
  find: { code: 0x20, parameter: 0x01, limitMs: 1000, replyBytes: 15 },
  select: { code: 0x20, parameter: 0x02, limitMs: 1000, replyBytes: 19 },
  read: { code: 0x30, parameter: 0x01, limitMs: 3000, replyBytes: 1295 },
  // One newer address is what nearly every card has that has any.
  'more-addresses': { code: 0x30, parameter: 0x03, limitMs: 1500, replyBytes: 81 },
}

/** Replies of `select` carry 8 bytes; other lengths are tolerated up to here, so that no late reply to `read` passes as one. */
const MOST_SELECT_DATA_BYTES = 32
export const SAM_NUMBER_BYTES = 16
/** One newer address on a card; it holds at most four. */
const ADDRESS_BYTES = 70
const MOST_ADDRESSES = 4
const TEXT_BYTES = 256
const PHOTO_BYTES = 1024
const BLOCK_LENGTHS_BYTES = 4

export function requestOf(command: SamCommand): Uint8Array {
  return encodeRequest(RULES[command].code, RULES[command].parameter)
}

/** Longest wait for the reply to a command in milliseconds, on a wire of this many bits per second (10 bits a byte). */
export function limitMsOf(command: SamCommand, bitsPerSecond: number | undefined): number {
  const { limitMs, replyBytes } = RULES[command]
  return bitsPerSecond === undefined ? limitMs : limitMs + Math.ceil((replyBytes * 10_000) / bitsPerSecond)
}

/** LEN of the good reply to a command that carries data worth waiting for: a head with it is the reply itself, not noise. */
export function replyLengthOf(command: SamCommand): number {
  return RULES[command].replyBytes - 7
}

/**
 * Whether this reply can belong to this command. A reply does not repeat its command, so what cannot belong is a late
 * reply to an earlier one and must be dropped.
 */
export function fits(command: SamCommand, { sw3, data }: ReplyFrame): boolean {
  switch (sw3) {
    case 0x90:
      switch (command) {
        case 'reset':
        case 'status':
          return data.length === 0
        case 'sam-number':
          return data.length === SAM_NUMBER_BYTES
        case 'find':
          return false
        case 'select':
          return data.length <= MOST_SELECT_DATA_BYTES
        case 'read':
          return blocksOf(data) !== undefined
        case 'more-addresses':
          return data.length > 0 && data.length % ADDRESS_BYTES === 0 && data.length <= ADDRESS_BYTES * MOST_ADDRESSES
      }
      return false
    case 0x9f:
      return command === 'find' && (data.length === 0 || data.length === 4)
    case 0x91:
      return command === 'more-addresses' && data.length === 0
    default:
      return data.length === 0
  }
}

/** What a status byte means for the kiosk, whatever the command was. */
export type SamVerdict =
  | 'done'
  | 'card-found'
  | 'no-content'
  | 'no-card'
  | 'select-failed'
  | 'read-failed'
  | 'card-refuses-sam'
  | 'card-not-genuine'
  | 'wrong-card'
  | 'try-again'
  | 'line-noise'
  | 'wrong-length'
  | 'out-of-order'
  | 'not-permitted'
  | 'unrecognised'
  | 'sam-broken'
  | 'unknown'

/** SW3 only: SW1 and SW2 may carry the card's own status and are kept for the log. */
export function verdictOf(sw3: number): SamVerdict {
  switch (sw3) {
    case 0x90:
      return 'done'
    case 0x9f:
      return 'card-found'
    case 0x91:
      return 'no-content'
    case 0x80:
      return 'no-card'
    case 0x81:
      return 'select-failed'
    case 0x41:
      return 'read-failed'
    case 0x31:
      return 'card-refuses-sam'
    case 0x32:
    case 0x33:
      return 'card-not-genuine'
    case 0x40:
      return 'wrong-card'
    case 0x47:
      return 'try-again'
    case 0x10:
      return 'line-noise'
    case 0x11:
      return 'wrong-length'
    case 0x21:
      return 'out-of-order'
    case 0x23:
      return 'not-permitted'
    case 0x24:
      return 'unrecognised'
    case 0x60:
    case 0x66:
      return 'sam-broken'
    default:
      return 'unknown'
  }
}

const VERDICT_SENTENCES: Readonly<Record<SamVerdict, LocalText>> = {
  done: text('操作成功。', 'Done.'),
  'card-found': text('已找到证件。', 'A card was found.'),
  'no-content': text('证件没有这一项内容。', 'The card holds nothing of this kind.'),
  'no-card': text('没有证件，或证件读过后还没有拿开。', 'No card, or the card that was read has not been lifted yet.'),
  'select-failed': text('选卡失败：证件移动了。', 'Selecting failed: the card moved.'),
  'read-failed': text('读卡失败：证件移动或损坏。', 'Reading failed: the card moved or is damaged.'),
  'card-refuses-sam': text('证件不接受本机安全模块。', 'The card does not accept the security module.'),
  'card-not-genuine': text('安全模块不接受证件，可能是假证：请人工核验。', 'The security module does not accept the card, which may be false: check it by hand.'),
  'wrong-card': text('卡片类型不符。', 'The kind of card is wrong.'),
  'try-again': text('取随机数失败，会自动重试。', 'Getting a random number failed; it is tried again.'),
  'line-noise': text('安全模块收到的数据有误：检查数据线。', 'The security module received damaged data: check the cable.'),
  'wrong-length': text('安全模块收到的长度有误：检查数据线，反复出现时报修。', 'The security module received a wrong length: check the cable; report it if it comes back.'),
  'out-of-order': text('命令次序有误，正在重新同步。', 'A command came out of order; resynchronising.'),
  'not-permitted': text('安全模块没有此项权限：请联系厂家。', 'The security module may not do this: call the maker.'),
  unrecognised: text('安全模块报告未知错误。', 'The security module reports an unrecognised error.'),
  'sam-broken': text('安全模块自检失败或未授权：请更换读卡器。', 'The security module failed its self-test or is not authorised: replace the reader.'),
  unknown: text('读卡器返回未定义的状态。', 'The reader gave a status that no table has.'),
}

/** What staff read about a status byte. */
export function samSentence(sw3: number): LocalText {
  return VERDICT_SENTENCES[verdictOf(sw3)]
}

/** A reply's status for the log, such as `SW000041`. */
export function statusCode({ sw1, sw2, sw3 }: Pick<ReplyFrame, 'sw1' | 'sw2' | 'sw3'>): string {
  return `SW${[sw1, sw2, sw3].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')}`
}

/** The blocks of a good reply to `read`, cut by its own length words; undefined when they do not add up. */
export function blocksOf(data: Uint8Array): { readonly text: Uint8Array; readonly photo: Uint8Array } | undefined {
  if (data.length < BLOCK_LENGTHS_BYTES) return undefined
  const textBytes = ((data[0] ?? 0) << 8) | (data[1] ?? 0)
  const photoBytes = ((data[2] ?? 0) << 8) | (data[3] ?? 0)
  if (textBytes !== TEXT_BYTES || (photoBytes !== PHOTO_BYTES && photoBytes !== 0)) return undefined
  if (data.length !== BLOCK_LENGTHS_BYTES + textBytes + photoBytes) return undefined
  const photoStart = BLOCK_LENGTHS_BYTES + textBytes
  return { text: data.subarray(BLOCK_LENGTHS_BYTES, photoStart), photo: data.subarray(photoStart) }
}

/** The newer addresses of a card, oldest first, out of a good reply to `more-addresses`; empty ones are left out. */
export function addressesOf(data: Uint8Array): readonly string[] {
  const addresses: string[] = []
  for (let start = 0; start + ADDRESS_BYTES <= data.length; start += ADDRESS_BYTES) {
    const address = cardField(data, [start, ADDRESS_BYTES])
    if (address !== '') addresses.push(address)
  }
  return addresses
}

/**
 * The SAM's number in the one spelling that this project uses: two 16-bit and three 32-bit little-endian numbers as
 * `05.01-20110312-0001234567-0000000000`. It names the device in the log.
 */
export function samNumberText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, SAM_NUMBER_BYTES)
  const digits = (value: number, width: number): string => String(value).padStart(width, '0')
  return `${digits(view.getUint16(0, true), 2)}.${digits(view.getUint16(2, true), 2)}-${digits(view.getUint32(4, true), 8)}-${digits(view.getUint32(8, true), 10)}-${digits(view.getUint32(12, true), 10)}`
}
