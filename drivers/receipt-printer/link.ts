import type { Clock } from '../../core/clock/clock.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Transport, TransportError } from '../transport/transport.ts'
import type { BitRule, ReceiptPrinterProfile } from './profile.ts'
import { conditionsOf, isContradictory, PrinterMessageParser, questionsOf, type Expected, type PrinterConditions, type PrinterMessage, type StatusQuestion } from './status.ts'

/** All questions of a round together; a printer that prints at full speed still answers within this (preflight rule). */
export const ROUND_LIMIT_MS = 1_000
/** Contradictory answers around a change are asked again this often before they are believed. */
const LOOKS_AT_MOST = 3
const SECOND_LOOK_MS = 250
/** A question that stands in line with print data is answered at once by an idle printer that knows it. */
const SIDE_QUESTION_LIMIT_MS = 200
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
  readonly #parser: PrinterMessageParser
  #waitingForAnswer: { readonly expects: Expected; readonly take: (bytes: readonly number[]) => void } | undefined
  #quietUntil = 0

  constructor(transport: Transport, profile: ReceiptPrinterProfile, clock: Clock, onMessage: (message: PrinterMessage) => void, onEnd: (error: TransportError) => void) {
    this.#transport = transport
    this.#profile = profile
    this.#clock = clock
    this.#onMessage = onMessage
    this.#parser = new PrinterMessageParser(profile)
    this.#stopListening = [
      transport.onData((chunk) => {
        for (const message of this.#parser.push(chunk, clock.now())) this.#take(message)
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
   * Asks the questions of the model's status, again when the answers contradict each other. Whatever then stays
   * contradictory is believed as it is. `isIdle`: no receipt is on its way.
   */
  askConditions(isIdle: boolean): Promise<Result<PrinterConditions, 'silent'>> {
    const mine = this.#questions.then(() => this.#askConditions(isIdle))
    this.#questions = mine
    return mine
  }

  async close(): Promise<void> {
    for (const stop of this.#stopListening) stop()
    await this.#transport.close()
  }

  async #askConditions(isIdle: boolean): Promise<Result<PrinterConditions, 'silent'>> {
    for (let look = 1; ; look++) {
      const conditions = await this.#askRound(isIdle)
      if (conditions === undefined) return err('silent')
      if (look === LOOKS_AT_MOST || !isContradictory(conditions, this.#profile)) return ok(conditions)
      await this.#pause(SECOND_LOOK_MS)
    }
  }

  async #askRound(isIdle: boolean): Promise<PrinterConditions | undefined> {
    const wait = this.#quietUntil - this.#clock.now()
    if (wait > 0) await this.#pause(wait)
    const deadline = this.#clock.now() + ROUND_LIMIT_MS
    const readings: (readonly [number, readonly BitRule[]])[] = []
    for (const question of questionsOf(this.#profile, isIdle)) {
      const left = deadline - this.#clock.now()
      const answer = await this.#ask(question, question.mayStaySilent ? Math.min(left, SIDE_QUESTION_LIMIT_MS) : left)
      if (answer === undefined) {
        this.#quietUntil = this.#clock.now() + LATE_ANSWER_MS
        if (question.mayStaySilent) continue
        return undefined
      }
      question.tables.forEach((rules, index) => readings.push([answer[index] ?? 0, rules]))
    }
    return conditionsOf(readings)
  }

  #ask({ bytes, expects }: StatusQuestion, limitMs: number): Promise<readonly number[] | undefined> {
    return new Promise((resolve) => {
      const limit = this.#clock.setTimeout(() => finish(undefined), limitMs)
      const finish = (answer: readonly number[] | undefined): void => {
        this.#clock.clearTimeout(limit)
        this.#waitingForAnswer = undefined
        this.#parser.expect(undefined)
        resolve(answer)
      }
      this.#waitingForAnswer = { expects, take: finish }
      this.#parser.expect(expects)
      // A failing write is told by the end of the transport; here it is silence.
      void this.send(bytes)
    })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimeout(() => resolve(), ms)
    })
  }

  #take(message: PrinterMessage): void {
    switch (message.kind) {
      case 'real-time':
      case 'plain':
      case 'full':
        // An answer that nobody waits for any more came too late to be believed.
        if (this.#waitingForAnswer?.expects === message.kind) this.#waitingForAnswer.take(message.kind === 'full' ? message.bytes : [message.byte])
        return
      default:
        this.#onMessage(message)
    }
  }
}
