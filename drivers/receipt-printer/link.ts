import type { Clock } from '../../core/clock/clock.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Transport, TransportError } from '../transport/transport.ts'
import { escpos } from './escpos.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { conditionsOfAnswers, isContradictory, PrinterMessageParser, type PrinterConditions, type PrinterMessage, type RealTimeAnswers } from './status.ts'

/** All four questions together; a printer that prints at full speed still answers within this (preflight rule). */
export const ROUND_LIMIT_MS = 1_000
/** Contradictory answers around a change are asked again this often before they are believed. */
const LOOKS_AT_MOST = 3
const SECOND_LOOK_MS = 250
/** After a question went unanswered its answer may still come; it must not pass for the answer to the next one. */
const LATE_ANSWER_MS = 250

/**
 * An open connection to a printer: writes in turn, questions one at a time (an answer does not say what it answers), and
 * everything that the printer says as messages.
 */
export class PrinterLink {
  readonly #transport: Transport
  readonly #profile: ReceiptPrinterProfile
  readonly #clock: Clock
  readonly #onMessage: (message: PrinterMessage) => void
  readonly #stopListening: (() => void)[]
  #writes: Promise<unknown> = Promise.resolve()
  #questions: Promise<unknown> = Promise.resolve()
  #waitingForAnswer: ((byte: number) => void) | undefined
  #quietUntil = 0

  constructor(transport: Transport, profile: ReceiptPrinterProfile, clock: Clock, onMessage: (message: PrinterMessage) => void, onEnd: (error: TransportError) => void) {
    this.#transport = transport
    this.#profile = profile
    this.#clock = clock
    this.#onMessage = onMessage
    const parser = new PrinterMessageParser(profile)
    this.#stopListening = [
      transport.onData((chunk) => {
        for (const message of parser.push(chunk, clock.now())) this.#take(message)
      }),
      transport.onEnd(onEnd),
    ]
  }

  /** Writes bytes after everything that was to be written before. Says nothing about the paper. */
  send(bytes: Uint8Array): Promise<Result<void, TransportError>> {
    const mine = this.#writes.then(() => this.#transport.write(bytes))
    this.#writes = mine
    return mine
  }

  /**
   * Asks all four questions of the real-time status, again when the answers contradict each other. Whatever then stays
   * contradictory is believed as it is.
   */
  askConditions(): Promise<Result<PrinterConditions, 'silent'>> {
    const mine = this.#questions.then(() => this.#askConditions())
    this.#questions = mine
    return mine
  }

  async close(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    await this.#transport.close()
  }

  async #askConditions(): Promise<Result<PrinterConditions, 'silent'>> {
    for (let look = 1; ; look++) {
      const answers = await this.#askRound()
      if (answers === undefined) return err('silent')
      const conditions = conditionsOfAnswers(answers, this.#profile)
      if (look === LOOKS_AT_MOST || !isContradictory(conditions)) return ok(conditions)
      await this.#pause(SECOND_LOOK_MS)
    }
  }

  async #askRound(): Promise<RealTimeAnswers | undefined> {
    const wait = this.#quietUntil - this.#clock.now()
    if (wait > 0) await this.#pause(wait)
    const deadline = this.#clock.now() + ROUND_LIMIT_MS
    const answers: number[] = []
    for (const n of [1, 2, 3, 4] as const) {
      const answer = await this.#ask(n, deadline - this.#clock.now())
      if (answer === undefined) {
        this.#quietUntil = this.#clock.now() + LATE_ANSWER_MS
        return undefined
      }
      answers.push(answer)
    }
    const [printer, cause, error, paper] = answers
    if (printer === undefined || cause === undefined || error === undefined || paper === undefined) return undefined
    return [printer, cause, error, paper]
  }

  #ask(n: 1 | 2 | 3 | 4, limitMs: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const limit = this.#clock.setTimeout(() => finish(undefined), limitMs)
      const finish = (byte: number | undefined): void => {
        this.#clock.clearTimeout(limit)
        this.#waitingForAnswer = undefined
        resolve(byte)
      }
      this.#waitingForAnswer = finish
      // A failing write is told by the end of the transport; here it is silence.
      void this.send(escpos.realTimeStatus(n))
    })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimeout(() => resolve(), ms)
    })
  }

  #take(message: PrinterMessage): void {
    if (message.kind === 'real-time') this.#waitingForAnswer?.(message.byte)
    else this.#onMessage(message)
  }
}
