import type { Clock } from '../../core/clock/clock.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { Transport, TransportError } from '../transport/transport.ts'
import type { Dialect, ReplyDecoder } from './dialect.ts'
import type { ReplyFrame } from './frame.ts'
import { statusCode } from './sam.ts'
import type { SamCommand, SamVerdict } from './sam.ts'

/** After a read that timed out, its late reply must have run dry before anything else is asked. */
const QUIET_AFTER_READ_MS = 300
/** A line that is never quiet must not hold the next request for ever. */
const QUIET_LIMIT_MS = 3000
/** After a wrong check byte, or SW3 10 or 11, the same request goes out once more. */
const MOST_SENDINGS = 2

/** What the link must know about the wire under it. */
export interface LinkTiming {
  /** Undefined where the wire is so fast that its time does not count. */
  readonly bitsPerSecond?: number
  /** Silence inside a frame after which the rest will not come. */
  readonly silenceMs: number
}

/** Counts for the health page, over the life of the driver. */
export interface LinkCounters {
  /** By command, as far as one has failed. */
  readonly timeouts: Readonly<Record<string, number>>
  readonly xorFailures: number
  readonly discardedBytes: number
  readonly staleReplies: number
  readonly reopenings: number
  /** Good readings. */
  readonly reads: number
}

export type LinkCountersInProgress = { -readonly [K in keyof LinkCounters]: LinkCounters[K] extends number ? number : Record<string, number> }

export function newLinkCounters(): LinkCountersInProgress {
  return { timeouts: {}, xorFailures: 0, discardedBytes: 0, staleReplies: 0, reopenings: 0, reads: 0 }
}

export interface SamReply {
  readonly verdict: SamVerdict
  /** Status bytes for staff and log. */
  readonly code: string
  /** The caller overwrites it with zeros when it is done. */
  readonly data: Uint8Array
}

export type ExchangeFailure =
  | { readonly kind: 'timeout'; readonly code: string }
  /** The reply was damaged twice. */
  | { readonly kind: 'noise'; readonly code: string }
  | { readonly kind: 'gone'; readonly code: string }

type Attempt = { readonly kind: 'reply'; readonly frame: ReplyFrame } | { readonly kind: 'damaged' } | ExchangeFailure

/** What the state machine asks of a reader, whatever language the reader speaks. */
export interface ReaderLink {
  exchange(command: SamCommand): Promise<Result<SamReply, ExchangeFailure>>
  close(): Promise<void>
}

export interface LinkDependencies {
  readonly clock: Clock
  readonly log: DeviceLog
  readonly timing: LinkTiming
  readonly counters: LinkCountersInProgress
  readonly onEnd: (error: TransportError) => void
}

/**
 * One command and its reply at a time over an open transport. A second call waits for the first one's reply or limit, so
 * that a caller may lose interest without confusing the reader.
 */
export class CommandLink<Command extends string> {
  readonly #dialect: Dialect<Command>
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #log: DeviceLog
  readonly #timing: LinkTiming
  readonly #counters: LinkCountersInProgress
  readonly #decoder: ReplyDecoder
  #receive: ((chunk: Uint8Array) => void) | undefined
  #onGone: ((failure: ExchangeFailure) => void) | undefined
  #gone: ExchangeFailure | undefined
  #quietNeeded = false
  /** The decoder's counts that are already in the counters. */
  #noted = { xorFailures: 0, discardedBytes: 0 }
  #turn: Promise<unknown> = Promise.resolve()

  constructor(transport: Transport, dialect: Dialect<Command>, dependencies: LinkDependencies) {
    this.#dialect = dialect
    this.#decoder = dialect.newDecoder()
    this.#transport = transport
    this.#clock = dependencies.clock
    this.#log = dependencies.log
    this.#timing = dependencies.timing
    this.#counters = dependencies.counters
    transport.onData((chunk) => {
      if (this.#receive !== undefined) this.#receive(chunk)
      // Nobody asked: a late reply, which the next request purges.
      else for (const frame of this.#decoder.push(chunk)) this.#dropStale('none', frame)
      // The chunk may hold a part of a card; nobody else reads it.
      chunk.fill(0)
    })
    transport.onEnd((error) => {
      this.#gone = { kind: 'gone', code: `${error.kind}:${error.detail}`.slice(0, 80) }
      this.#onGone?.(this.#gone)
      dependencies.onEnd(error)
    })
  }

  exchange(command: Command): Promise<Result<SamReply, ExchangeFailure>> {
    const mine = this.#turn.then(() => this.#exchange(command))
    this.#turn = mine
    return mine
  }

  async close(): Promise<void> {
    this.#gone ??= { kind: 'gone', code: 'closed' }
    this.#onGone?.(this.#gone)
    this.#decoder.reset()
    await this.#transport.close()
  }

  async #exchange(command: Command): Promise<Result<SamReply, ExchangeFailure>> {
    for (let sending = 1; ; sending++) {
      const attempt = await this.#attempt(command)
      switch (attempt.kind) {
        case 'reply': {
          const verdict = this.#dialect.verdict(attempt.frame)
          if ((verdict === 'line-noise' || verdict === 'wrong-length') && sending < MOST_SENDINGS) continue
          return ok({ verdict, code: statusCode(attempt.frame), data: attempt.frame.data })
        }
        case 'damaged':
          if (sending < MOST_SENDINGS) continue
          this.#quietNeeded = this.#dialect.isLong(command)
          return err({ kind: 'noise', code: `${command}-damaged` })
        case 'timeout':
          this.#counters.timeouts[command] = (this.#counters.timeouts[command] ?? 0) + 1
          this.#quietNeeded = this.#dialect.isLong(command)
          return err(attempt)
        case 'noise':
        case 'gone':
          return err(attempt)
      }
    }
  }

  async #attempt(command: Command): Promise<Attempt> {
    if (this.#quietNeeded) await this.#waitForQuiet()
    if (this.#gone !== undefined) return this.#gone
    await this.#transport.discardInput()
    this.#decoder.reset()
    if (this.#gone !== undefined) return this.#gone
    const attempt = await this.#sendAndWait(command)
    this.#noteDecoder()
    return attempt
  }

  #sendAndWait(command: Command): Promise<Attempt> {
    return new Promise((resolve) => {
      let bytesSeen = 0
      let damaged = false
      let silence: unknown
      const finish = (attempt: Attempt): void => {
        this.#clock.clearTimeout(limit)
        this.#clock.clearTimeout(silence)
        this.#receive = undefined
        this.#onGone = undefined
        if (attempt.kind === 'timeout') this.#log('card-reader.timeout', { step: command, bytes: bytesSeen })
        resolve(attempt)
      }
      /** Hands up the first reply that can belong to the command; the others are late ones. */
      const consider = (frames: readonly ReplyFrame[]): boolean => {
        let taken: ReplyFrame | undefined
        for (const frame of frames) {
          if (taken === undefined && this.#dialect.fits(command, frame)) taken = frame
          else this.#dropStale(command, frame)
        }
        if (taken !== undefined) finish({ kind: 'reply', frame: taken })
        return taken !== undefined
      }
      const onSilence = (): void => {
        // A head with the length of the awaited reply was that reply: its rest will not come.
        const replyWasCut = this.#decoder.pendingLength === this.#dialect.replyLength(command)
        const failuresBefore = this.#decoder.counters.xorFailures
        if (consider(this.#decoder.giveUp())) return
        if (damaged || this.#decoder.counters.xorFailures > failuresBefore) finish({ kind: 'damaged' })
        else if (replyWasCut) finish({ kind: 'timeout', code: `${command}-cut-at-${bytesSeen}` })
      }
      this.#receive = (chunk) => {
        bytesSeen += chunk.length
        const failuresBefore = this.#decoder.counters.xorFailures
        if (consider(this.#decoder.push(chunk))) return
        if (this.#decoder.counters.xorFailures > failuresBefore) damaged = true
        this.#clock.clearTimeout(silence)
        if (damaged || this.#decoder.pendingBytes > 0) silence = this.#clock.setTimeout(onSilence, this.#timing.silenceMs)
      }
      this.#onGone = finish
      const limit = this.#clock.setTimeout(() => finish({ kind: 'timeout', code: `${command}-timeout` }), this.#dialect.limitMs(command, this.#timing.bitsPerSecond))
      void this.#transport.write(this.#dialect.request(command)).then((written) => {
        if (!written.ok && this.#onGone === finish) finish({ kind: 'gone', code: `${written.error.kind}:${written.error.detail}`.slice(0, 80) })
      })
    })
  }

  /** Resolves when nothing has come for a while, or when waiting any longer would help nobody. */
  #waitForQuiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#quietNeeded = false
      const finish = (): void => {
        this.#clock.clearTimeout(quiet)
        this.#clock.clearTimeout(limit)
        this.#receive = undefined
        this.#onGone = undefined
        resolve()
      }
      let quiet = this.#clock.setTimeout(finish, QUIET_AFTER_READ_MS)
      const limit = this.#clock.setTimeout(finish, QUIET_LIMIT_MS)
      this.#onGone = finish
      this.#receive = (chunk) => {
        // Still decoded, so that a late reply is counted as what it is.
        for (const frame of this.#decoder.push(chunk)) this.#dropStale('none', frame)
        this.#clock.clearTimeout(quiet)
        quiet = this.#clock.setTimeout(finish, QUIET_AFTER_READ_MS)
      }
    })
  }

  #dropStale(command: string, frame: ReplyFrame): void {
    this.#counters.staleReplies += 1
    this.#log('card-reader.stale-reply', { step: command, status: statusCode(frame), bytes: frame.data.length })
    frame.data.fill(0)
  }

  #noteDecoder(): void {
    const { xorFailures, discardedBytes } = this.#decoder.counters
    this.#counters.xorFailures += xorFailures - this.#noted.xorFailures
    this.#counters.discardedBytes += discardedBytes - this.#noted.discardedBytes
    this.#noted = { xorFailures, discardedBytes }
  }
}
