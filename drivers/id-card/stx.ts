import { createHash, randomBytes } from 'node:crypto'
import { ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { Transport } from '../transport/transport.ts'
import type { Dialect } from './dialect.ts'
import type { ReplyFrame } from './frame.ts'
import { CommandLink } from './link.ts'
import type { ExchangeFailure, LinkDependencies, ReaderLink, SamReply } from './link.ts'
import { blocksOf } from './sam.ts'
import type { SamCommand } from './sam.ts'
import { encodeStx, StxDecoder } from './stx-frame.ts'
import type { StxWriting } from './stx-frame.ts'

/** The reader does find, select and read by itself: these two are all that is asked of it. */
type StxCommand = 'everything' | 'number'

const REQUESTS: Readonly<Record<StxCommand, readonly number[]>> = { everything: [0xca, 0x01, 0x00], number: [0xca, 0x01, 0x01] }
/** The reader works with the card before it answers, as the SAM's reader does in three steps. */
const LIMIT_MS = 3000
const STATUS_BYTES = 2
const REPLY_DATA_BYTES: Readonly<Record<StxCommand, number>> = { everything: STATUS_BYTES + 4 + 256 + 1024, number: STATUS_BYTES + 36 }
const AROUND_BYTES = 5

function isGood({ sw1, sw2 }: ReplyFrame): boolean {
  return sw1 === 0x90 && sw2 === 0
}

export function stxDialect(writing: StxWriting): Dialect<StxCommand> {
  return {
    newDecoder: () => new StxDecoder(writing),
    request: (command) => encodeStx(Uint8Array.from(REQUESTS[command]), writing),
    limitMs(command, bitsPerSecond) {
      const bytes = (AROUND_BYTES + REPLY_DATA_BYTES[command]) * (writing === 'bytes' ? 1 : 2)
      return bitsPerSecond === undefined ? LIMIT_MS : LIMIT_MS + Math.ceil((bytes * 10_000) / bitsPerSecond)
    },
    replyLength: (command) => REPLY_DATA_BYTES[command],
    // A number is never as long as a card, so that a late reply to one is not taken for the other's.
    fits: (command, reply) => !isGood(reply) || (command === 'everything') === (blocksOf(reply.data) !== undefined),
    // No table of its status bytes is known: what is not good is "no card" while one looks for it.
    verdict: (reply) => (isGood(reply) ? 'done' : 'no-card'),
    isLong: (command) => command === 'everything',
  }
}

/**
 * Makes a reader of envelope E look like one with a SAM to the state machine. `find` reads the whole card and keeps the
 * bytes, `select` costs nothing, `read` hands them over: the card is worked with once. As with a SAM, a card that was read
 * is not found again before it was seen to be gone or another one lies there; `select` tells that it still does. The
 * module's number, its reset and newer addresses are not known in this language.
 */
export class StxLink implements ReaderLink {
  readonly #link: CommandLink<StxCommand>
  /** The card that was found and not handed over yet. */
  #held: SamReply | undefined
  #lies = false
  /** Knows the card that was read last again, and tells nothing about it: 16 bits under a salt of this link. */
  #lastMark: number | undefined
  readonly #salt = randomBytes(16)

  constructor(transport: Transport, writing: StxWriting, dependencies: LinkDependencies) {
    this.#link = new CommandLink(transport, stxDialect(writing), dependencies)
  }

  async exchange(command: SamCommand): Promise<Result<SamReply, ExchangeFailure>> {
    switch (command) {
      case 'status':
        // What an abandoned reading left ends here at the latest.
        this.#drop()
        return this.#askWhoIsThere()
      case 'reset':
      case 'sam-number':
        return ok({ verdict: 'done', code: 'STX', data: new Uint8Array(0) })
      case 'find':
        return this.#find()
      case 'select':
        return ok({ verdict: this.#lies ? 'done' : 'select-failed', code: 'STX', data: new Uint8Array(0) })
      case 'read':
        return this.#read()
      case 'more-addresses':
        return ok({ verdict: 'no-content', code: 'STX', data: new Uint8Array(0) })
    }
  }

  close(): Promise<void> {
    this.#drop()
    return this.#link.close()
  }

  /** Any well-formed reply proves a reader that lives. The number, if a card lies there, is overwritten unseen. */
  async #askWhoIsThere(): Promise<Result<SamReply, ExchangeFailure>> {
    const asked = await this.#link.exchange('number')
    if (!asked.ok) return asked
    asked.value.data.fill(0)
    return ok({ ...asked.value, verdict: 'done' })
  }

  async #find(): Promise<Result<SamReply, ExchangeFailure>> {
    this.#drop()
    const asked = await this.#link.exchange('everything')
    if (!asked.ok) return asked
    this.#lies = asked.value.verdict === 'done'
    if (!this.#lies) {
      this.#lastMark = undefined
      return asked
    }
    if (this.#lastMark === this.#markOf(asked.value.data)) {
      asked.value.data.fill(0)
      return ok({ ...asked.value, verdict: 'no-card' })
    }
    this.#held = asked.value
    return ok({ verdict: 'card-found', code: asked.value.code, data: new Uint8Array(0) })
  }

  async #read(): Promise<Result<SamReply, ExchangeFailure>> {
    const held = this.#held
    this.#held = undefined
    const asked = held === undefined ? await this.#link.exchange('everything') : ok(held)
    if (!asked.ok) return asked
    if (asked.value.verdict !== 'done') return ok({ ...asked.value, verdict: 'read-failed' })
    this.#lastMark = this.#markOf(asked.value.data)
    return asked
  }

  #markOf(data: Uint8Array): number {
    return createHash('sha256').update(this.#salt).update(blocksOf(data)?.text ?? data).digest().readUInt16BE()
  }

  #drop(): void {
    this.#held?.data.fill(0)
    this.#held = undefined
  }
}
