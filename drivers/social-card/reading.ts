import type { SocialCard, SocialCardError } from '../../core/device/operations.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { statusCode, verdictOf } from './apdu.ts'
import type { CardCommand, CardFile } from './apdu.ts'
import type { CardFailure, CardReply } from './link.ts'
import { parseSocialCard, RECORD_NAMES, RECORDS, recordValue } from './record.ts'
import type { RecordName } from './record.ts'

/** What one try to read a card came to, in the words of the state machine. */
export type ReadOutcome = { readonly kind: 'good'; readonly card: SocialCard } | Trouble

export type Trouble =
  /** Worth another try: the contact may have been bad. */
  | { readonly kind: 'failed-try'; readonly code: string }
  | { readonly kind: 'end'; readonly error: SocialCardError }
  /** The call to the reader does not come back. */
  | { readonly kind: 'silent'; readonly code: string }
  | { readonly kind: 'gone'; readonly code: string }

type Exchange = (command: CardCommand) => Promise<Result<CardReply, CardFailure>>

/** Reads what a social-security card tells without its PIN. Nothing that was read stays in memory but the result. */
export async function readSocialCard(exchange: Exchange): Promise<ReadOutcome> {
  const values = Object.fromEntries(RECORD_NAMES.map((name) => [name, new Uint8Array(0)])) as Record<RecordName, Uint8Array>
  const trouble = await collect(exchange, values)
  const parsed = trouble === undefined ? parseSocialCard(values) : undefined
  for (const value of Object.values(values)) value.fill(0)
  if (parsed === undefined) return trouble ?? { kind: 'failed-try', code: 'nothing-read' }
  return parsed.ok ? { kind: 'good', card: parsed.value } : { kind: 'end', error: { kind: 'card-unreadable', code: parsed.error.code } }
}

async function collect(exchange: Exchange, values: Record<RecordName, Uint8Array>): Promise<Trouble | undefined> {
  const environment = await exchange({ kind: 'select-environment' })
  if (!environment.ok) return troubleOf(environment.error)
  environment.value.data.fill(0)
  switch (verdictOf(environment.value.status)) {
    case 'done':
      break
    case 'locked':
    case 'failed':
      return { kind: 'end', error: { kind: 'card-unreadable', code: `environment-${statusCode(environment.value.status)}` } }
    default:
      return { kind: 'end', error: { kind: 'wrong-card', code: `environment-${statusCode(environment.value.status)}` } }
  }
  let selected: CardFile | undefined
  for (const name of RECORD_NAMES) {
    const { file } = RECORDS[name]
    if (file !== selected) {
      const trouble = await selectFile(exchange, file)
      if (trouble !== undefined) return trouble
      selected = file
    }
    const value = await readRecord(exchange, name)
    if (!value.ok) return value.error
    values[name] = value.value
  }
  return undefined
}

async function selectFile(exchange: Exchange, file: CardFile): Promise<Trouble | undefined> {
  let status = 0
  for (const way of ['child', 'plain'] as const) {
    const reply = await exchange({ kind: 'select-file', file, way })
    if (!reply.ok) return troubleOf(reply.error)
    reply.value.data.fill(0)
    status = reply.value.status
    if (verdictOf(status) === 'done') return undefined
  }
  return { kind: 'end', error: { kind: 'card-unreadable', code: `${file}-${statusCode(status)}` } }
}

/** By its number, and where a card does not take that, by its tag. */
async function readRecord(exchange: Exchange, name: RecordName): Promise<Result<Uint8Array, Trouble>> {
  const place = RECORDS[name]
  let code = ''
  for (const [by, which] of [['number', place.number], ['tag', place.tag]] as const) {
    const reply = await exchange({ kind: 'read-record', by, which })
    if (!reply.ok) return err(troubleOf(reply.error))
    const { status, data } = reply.value
    const value = verdictOf(status) === 'done' ? recordValue(data, place.tag)?.slice() : undefined
    data.fill(0)
    if (value !== undefined) return ok(value)
    code = verdictOf(status) === 'done' ? `record-${name}` : `${name}-${statusCode(status)}`
  }
  return 'optional' in place ? ok(new Uint8Array(0)) : err({ kind: 'end', error: { kind: 'card-unreadable', code } })
}

/** Failures of PC/SC to outcomes, the same for connecting as for each command. */
export function troubleOf({ kind, code }: CardFailure): Trouble {
  switch (kind) {
    case 'not-installed':
    case 'no-service':
    case 'no-reader':
    case 'reader-gone':
      return { kind: 'gone', code }
    case 'no-card':
    case 'card-gone':
      return { kind: 'end', error: { kind: 'card-pulled', code } }
    case 'silent':
      return { kind: 'silent', code }
    case 'mute':
    case 'in-use':
    case 'communication':
    case 'nonsense':
    case 'other':
      return { kind: 'failed-try', code }
  }
}
