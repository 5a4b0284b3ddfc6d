/**
 * Everything that this driver ever says to a social-security card. There is no function here that makes a VERIFY (INS 20):
 * a wrong PIN locks the citizen's card, and what is read needs none.
 */
export type CardCommand =
  | { readonly kind: 'select-environment' }
  /** `way`: by file number within the application (P1 02), as most cards want it, or plainly (P1 00). */
  | { readonly kind: 'select-file'; readonly file: CardFile; readonly way: 'child' | 'plain' }
  | { readonly kind: 'read-record'; readonly by: 'number' | 'tag'; readonly which: number }

export type CardFile = 'EF05' | 'EF06'

const SELECT = 0xa4
const READ_RECORD = 0xb2
const GET_RESPONSE = 0xc0
const HARMLESS: ReadonlySet<number> = new Set([SELECT, READ_RECORD, GET_RESPONSE])

/** `sx1.sh.社会保障` in GBK: the name of the social-security environment. */
const ENVIRONMENT = Uint8Array.of(0x73, 0x78, 0x31, 0x2e, 0x73, 0x68, 0x2e, 0xc9, 0xe7, 0xbb, 0xe1, 0xb1, 0xa3, 0xd5, 0xcf)
const SHORT_FILE: Readonly<Record<CardFile, number>> = { EF05: 0x05, EF06: 0x06 }
/** As much as there is. */
const ALL = 0x00

export function apduOf(command: CardCommand): Uint8Array {
  switch (command.kind) {
    case 'select-environment':
      return Uint8Array.of(0x00, SELECT, 0x04, 0x00, ENVIRONMENT.length, ...ENVIRONMENT)
    case 'select-file':
      return Uint8Array.of(0x00, SELECT, command.way === 'child' ? 0x02 : 0x00, 0x00, 0x02, 0xef, SHORT_FILE[command.file])
    case 'read-record':
      // P2 04: P1 is a record's number in the file just selected; P2 00: P1 is a tag.
      return Uint8Array.of(0x00, READ_RECORD, command.which & 0xff, command.by === 'number' ? 0x04 : 0x00, ALL)
  }
}

/** The last gate before the wire: only selecting and reading, in the class that every card knows. */
export function isHarmless(apdu: Uint8Array): boolean {
  return apdu[0] === 0x00 && HARMLESS.has(apdu[1] ?? -1)
}

/** One answer, taken apart. */
export interface Answer {
  /** Without the status. Points into the answer. */
  readonly data: Uint8Array
  /** SW1 SW2 as one number, such as 0x9000. */
  readonly status: number
}

/** Undefined when there are no two status bytes. */
export function answerOf(bytes: Uint8Array): Answer | undefined {
  if (bytes.length < 2) return undefined
  const status = ((bytes[bytes.length - 2] ?? 0) << 8) | (bytes[bytes.length - 1] ?? 0)
  return { data: bytes.subarray(0, bytes.length - 2), status }
}

/**
 * What must be sent next before an answer is whole: on 61 xx the rest is fetched, on 6C xx the same is asked for once more
 * with the right length. Undefined when the answer is the last one.
 */
export function followUp(sent: Uint8Array, { status }: Answer): { readonly apdu: Uint8Array; readonly keep: boolean } | undefined {
  const length = status & 0xff
  switch (status >> 8) {
    case 0x61:
      return { apdu: Uint8Array.of(0x00, GET_RESPONSE, 0x00, 0x00, length), keep: true }
    case 0x6c: {
      const again = sent.slice()
      // The length that is expected is the last byte of what was sent; only a SELECT has none.
      if (sent[1] === SELECT) return undefined
      again[again.length - 1] = length
      return { apdu: again, keep: false }
    }
    default:
      return undefined
  }
}

/** For staff and log, such as `SW6A82`. */
export function statusCode(status: number): string {
  return `SW${status.toString(16).padStart(4, '0').toUpperCase()}`
}

/** What a status means for the reading, whatever was asked. */
export type StatusVerdict = 'done' | 'not-here' | 'not-this-way' | 'locked' | 'not-permitted' | 'failed'

export function verdictOf(status: number): StatusVerdict {
  switch (status) {
    case 0x9000:
      return 'done'
    case 0x6a82:
    case 0x6a83:
    case 0x6a88:
      return 'not-here'
    case 0x6a80:
    case 0x6a81:
    case 0x6a86:
    case 0x6a87:
    case 0x6b00:
    case 0x6700:
    case 0x6d00:
    case 0x6e00:
      return 'not-this-way'
    case 0x6283:
    case 0x6983:
    case 0x6984:
    case 0x9303:
      return 'locked'
    case 0x6982:
    case 0x6985:
    case 0x6986:
      return 'not-permitted'
    default:
      return 'failed'
  }
}
