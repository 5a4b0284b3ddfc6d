import iconv from 'iconv-lite'

/** What a card of the social-security system holds, as text. Dates are `YYYYMMDD`. */
export interface SocialCardContent {
  /** Six digits. */
  readonly region: string
  readonly version: string
  readonly issued: string
  readonly validTo: string
  /** Nine characters. */
  readonly cardNumber: string
  readonly number: string
  readonly name: string
  readonly sex: '1' | '2'
  readonly nation: string
  readonly birth: string
}

/** How cards differ in what they accept and how they answer. */
export interface CardHabits {
  /** `T0`: 61 xx after a SELECT and 6C xx at a wrong length, as most contact cards do. `whole`: everything at once. */
  readonly lengths: 'T0' | 'whole'
  /** P1 with which a file is selected. */
  readonly selects: 'child' | 'plain' | 'both'
  /** How records are named. */
  readonly records: 'number' | 'tag' | 'both'
}
export const USUAL_HABITS: CardHabits = { lengths: 'T0', selects: 'both', records: 'both' }

const ENVIRONMENT_NAME = iconv.encode('sx1.sh.社会保障', 'gbk')
const DONE = Buffer.from('9000', 'hex')
const NOT_FOUND = Buffer.from('6A82', 'hex')
const NO_RECORD = Buffer.from('6A83', 'hex')
const WRONG_PARAMETERS = Buffer.from('6A86', 'hex')
const WRONG_LENGTH = Buffer.from('6700', 'hex')
const NO_FILE = Buffer.from('6986', 'hex')
const UNKNOWN_INSTRUCTION = Buffer.from('6D00', 'hex')
const UNKNOWN_CLASS = Buffer.from('6E00', 'hex')
const RECORD_NAME_BYTES = 30

/** A record, already as tag, length and value. */
interface StoredRecord {
  readonly number: number
  readonly tag: number
  readonly bytes: Buffer
}

/**
 * The application of a social-security card, from the makers' tables and not from any driver: what it answers to each
 * command. A card without content is some other card: it knows no such application.
 */
export class CardApplication {
  readonly #files: ReadonlyMap<number, readonly StoredRecord[]> | undefined
  readonly #habits: CardHabits
  #environment = false
  #file: readonly StoredRecord[] | undefined
  /** What a GET RESPONSE would fetch. */
  #pending: Buffer = Buffer.alloc(0)
  /** PINs that were tried. A good driver leaves this at zero. */
  #verifies = 0

  constructor(content: SocialCardContent | undefined, habits: CardHabits = USUAL_HABITS) {
    this.#files = content && filesOf(content)
    this.#habits = habits
  }

  get verifies(): number {
    return this.#verifies
  }

  /** Power off and on. */
  reset(): void {
    this.#environment = false
    this.#file = undefined
    this.#pending = Buffer.alloc(0)
  }

  answer(apdu: Uint8Array): Buffer {
    const [cla, ins = 0, p1 = 0, p2 = 0] = apdu
    if (apdu.length < 4 || cla !== 0x00) return UNKNOWN_CLASS
    const tail = Buffer.from(apdu.subarray(4))
    const pending = this.#pending
    this.#pending = Buffer.alloc(0)
    switch (ins) {
      case 0xa4:
        return this.#select(p1, tail)
      case 0xb2:
        return this.#read(p1, p2, tail)
      case 0xc0:
        return this.#give(pending, tail[0] ?? 0)
      case 0x20:
        this.#verifies += 1
        return Buffer.from('63C2', 'hex')
      default:
        return UNKNOWN_INSTRUCTION
    }
  }

  #select(p1: number, tail: Buffer): Buffer {
    const name = tail.subarray(1, 1 + (tail[0] ?? 0))
    if (tail.length < 1 || name.length !== tail[0]) return WRONG_LENGTH
    if (p1 === 0x04) {
      if (this.#files === undefined || !name.equals(ENVIRONMENT_NAME)) return NOT_FOUND
      this.#environment = true
      this.#file = undefined
      return this.#offer(Buffer.concat([Buffer.of(0x6f, name.length + 2, 0x84, name.length), name]))
    }
    const accepted = { child: [0x02], plain: [0x00], both: [0x00, 0x02] }[this.#habits.selects]
    if (!accepted.includes(p1)) return WRONG_PARAMETERS
    const file = this.#environment && name.length === 2 && name[0] === 0xef ? this.#files?.get(name[1] ?? 0) : undefined
    if (file === undefined) return NOT_FOUND
    this.#file = file
    return this.#offer(Buffer.from('6F0283000000', 'hex').subarray(0, 4))
  }

  #read(p1: number, p2: number, tail: Buffer): Buffer {
    if (this.#file === undefined) return NO_FILE
    const by = p2 === 0x04 ? 'number' : p2 === 0x00 ? 'tag' : undefined
    if (by === undefined || (this.#habits.records !== 'both' && this.#habits.records !== by)) return WRONG_PARAMETERS
    const record = this.#file.find((one) => one[by] === p1)
    return record === undefined ? NO_RECORD : this.#give(record.bytes, tail[0] ?? 0)
  }

  /** An answer to a command that named no length. */
  #offer(data: Buffer): Buffer {
    if (this.#habits.lengths === 'whole') return Buffer.concat([data, DONE])
    this.#pending = data
    return Buffer.of(0x61, data.length)
  }

  #give(data: Buffer, length: number): Buffer {
    if (data.length === 0) return WRONG_LENGTH
    if (this.#habits.lengths === 'T0' && length !== data.length) {
      // What was to be fetched may still be fetched, with the right length.
      this.#pending = data
      return Buffer.of(0x6c, data.length)
    }
    return Buffer.concat([data, DONE])
  }
}

function filesOf(content: SocialCardContent): ReadonlyMap<number, readonly StoredRecord[]> {
  const name = iconv.encode(content.name, 'gbk')
  const record = (number: number, tag: number, value: Buffer): StoredRecord => ({ number, tag, bytes: Buffer.concat([Buffer.of(tag, value.length), value]) })
  return new Map([
    [
      0x05,
      [
        record(1, 0x01, Buffer.concat([bcd(content.region), Buffer.alloc(13)])),
        record(2, 0x02, Buffer.from('1')),
        record(3, 0x03, Buffer.from(content.version, 'latin1')),
        record(4, 0x04, Buffer.alloc(12)),
        record(5, 0x05, bcd(content.issued)),
        record(6, 0x06, bcd(content.validTo)),
        record(7, 0x07, Buffer.from(content.cardNumber, 'latin1')),
      ],
    ],
    [
      0x06,
      [
        record(1, 0x08, Buffer.from(content.number, 'latin1')),
        record(2, 0x09, padded(name.subarray(0, RECORD_NAME_BYTES))),
        record(3, 0x4e, padded(name.subarray(RECORD_NAME_BYTES))),
        record(4, 0x0a, Buffer.from(content.sex)),
        record(5, 0x0b, bcd(content.nation)),
        record(6, 0x0c, bcd(content.region)),
        record(7, 0x0d, bcd(content.birth)),
      ],
    ],
  ])
}

function bcd(digits: string): Buffer {
  return Buffer.from(digits, 'hex')
}

function padded(text: Buffer): Buffer {
  return Buffer.concat([text, Buffer.alloc(RECORD_NAME_BYTES - text.length)])
}
