import { z } from 'zod'
import { ChangeListeners } from '../virtual-device.ts'
import type { VirtualDevice } from '../virtual-device.ts'
import { PEOPLE, PERSON_KEYS } from '../people.ts'
import type { PersonKey } from '../people.ts'
import { cardMemory } from './card-memory.ts'
import { openDoor } from './doors.ts'
import type { Door, DoorAddress } from './doors.ts'
import { SecurityModule } from './security-module.ts'
import { replyBytes, RequestStream } from './wire.ts'
import type { Request } from './wire.ts'

/** Besides the people's cards: one that no identity card reader can read. */
const OTHER_CARDS = ['bank-card'] as const
const CARD_KEYS = [...PERSON_KEYS, ...OTHER_CARDS] as [PersonKey | 'bank-card', ...(PersonKey | 'bank-card')[]]
export type CardKey = (typeof CARD_KEYS)[number]

const milliseconds = z.int().min(0).max(600_000)

export const cardReaderCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lay'), person: z.enum(CARD_KEYS) }),
  z.strictObject({ kind: z.literal('lift') }),
  /** Hears everything and says nothing. */
  z.strictObject({ kind: z.literal('silence'), on: z.boolean() }),
  /** Stray bytes around every reply. */
  z.strictObject({ kind: z.literal('noise'), on: z.boolean() }),
  /** Every byte by itself, with a pause after it. */
  z.strictObject({ kind: z.literal('split'), on: z.boolean(), gapMs: z.int().min(0).max(200).default(1) }),
  /** Every reply comes later by this. */
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  /** So many of the next replies have a wrong check byte. */
  z.strictObject({ kind: z.literal('xor-error'), frames: z.int().min(0).max(1000) }),
  /** During the next read the card leaves after so many bytes of the reply; at 0 the reader says "read failed" instead. */
  z.strictObject({ kind: z.literal('pull-mid-read'), afterBytes: z.int().min(0).max(1294).nullable() }),
  /** The next reply to a read comes later by this. */
  z.strictObject({ kind: z.literal('late-reply'), ms: milliseconds }),
  z.strictObject({ kind: z.literal('unplug') }),
  z.strictObject({ kind: z.literal('plug') }),
  /** The security module has failed its self-test (60) or is not authorised (66). */
  z.strictObject({ kind: z.literal('sam-fault'), status: z.enum(['none', '60', '66']) }),
])
/** As the bench may send it. */
export type CardReaderCommand = z.infer<typeof cardReaderCommandSchema>

export interface CardReaderState {
  readonly address: DoorAddress
  readonly plugged: boolean
  /** Whether a driver holds the line. */
  readonly connected: boolean
  readonly card: CardKey | null
  readonly stage: string
  /** The last request, for the lamp on the bench; never content. */
  readonly lastRequest: 'reset' | 'status' | 'number' | 'find' | 'select' | 'read' | 'other' | null
  /** Good reads since the start. */
  readonly reads: number
  readonly faults: {
    readonly silence: boolean
    readonly noise: boolean
    readonly split: boolean
    readonly delayMs: number
    readonly xorErrors: number
    readonly pullAfterBytes: number | null
    readonly lateReplyMs: number
    readonly samFault: 'none' | '60' | '66'
  }
  /** Everyone whose card can be laid. */
  readonly cards: readonly { readonly key: CardKey; readonly label: { readonly 'zh-CN': string; readonly en: string } }[]
}

export interface CardReaderOptions {
  readonly name?: string
  readonly address: DoorAddress
  /** How long the reader works on each command before it answers. Real readers take 1 to 2 s for a read. */
  readonly workMs?: { readonly find?: number; readonly select?: number; readonly read?: number; readonly other?: number }
}

const READ = 0x3001
const REQUEST_NAMES: Readonly<Record<number, NonNullable<CardReaderState['lastRequest']>>> = { 0x10ff: 'reset', 0x11ff: 'status', 0x12ff: 'number', 0x2001: 'find', 0x2002: 'select', [READ]: 'read' }
const CARDS: CardReaderState['cards'] = CARD_KEYS.map((key) => ({ key, label: key === 'bank-card' ? { 'zh-CN': '一张银行卡', en: 'A bank card' } : PEOPLE[key].label }))
/** Looks like the beginning of a frame, to make receivers work for their bread. */
const NOISE = Buffer.from('00AAAAAA96FFAAAAAAAA0096AAAAAA96690003AA', 'hex')

/** An ID-card reader that exists only as a program and speaks the real bytes at a TCP port or on a serial line. */
export function createVirtualCardReader(options: CardReaderOptions): VirtualDevice<CardReaderCommand, CardReaderState> {
  return new VirtualCardReader(options)
}

class VirtualCardReader implements VirtualDevice<CardReaderCommand, CardReaderState> {
  readonly name: string
  readonly commandSchema: z.ZodType<CardReaderCommand> = cardReaderCommandSchema
  readonly #workMs: { readonly find: number; readonly select: number; readonly read: number; readonly other: number }
  readonly #door: Door
  readonly #module = new SecurityModule()
  readonly #requests = new RequestStream()
  readonly #changes = new ChangeListeners()
  readonly #timers = new Map<NodeJS.Timeout, () => void>()
  /** Replies go out one after another. */
  #turn: Promise<void> = Promise.resolve()
  /** Raised when the cable is pulled: what was being said is cut off. */
  #session = 0
  #plugged = false
  #lastRequest: CardReaderState['lastRequest'] = null
  #reads = 0
  #faults: CardReaderState['faults'] = { silence: false, noise: false, split: false, delayMs: 0, xorErrors: 0, pullAfterBytes: null, lateReplyMs: 0, samFault: 'none' }
  #splitGapMs = 1

  constructor({ name = 'card-reader', address, workMs }: CardReaderOptions) {
    this.name = name
    this.#workMs = { find: 30, select: 60, read: 400, other: 10, ...workMs }
    this.#door = openDoor(address, {
      onData: (chunk) => {
        for (const request of this.#requests.take(chunk)) this.#accept(request)
      },
      onConnections: () => this.#changes.notify(),
    })
  }

  async start(): Promise<void> {
    await this.#plug()
  }

  async stop(): Promise<void> {
    await this.#unplug()
    this.#module.lift()
  }

  async command(command: CardReaderCommand): Promise<void> {
    switch (command.kind) {
      case 'lay':
        this.#module.lay({ key: command.person, memory: command.person === 'bank-card' ? undefined : cardMemory(PEOPLE[command.person].card) })
        break
      case 'lift':
        this.#module.lift()
        break
      case 'silence':
        this.#faults = { ...this.#faults, silence: command.on }
        break
      case 'noise':
        this.#faults = { ...this.#faults, noise: command.on }
        break
      case 'split':
        this.#faults = { ...this.#faults, split: command.on }
        this.#splitGapMs = command.gapMs
        break
      case 'delay':
        this.#faults = { ...this.#faults, delayMs: command.ms }
        break
      case 'xor-error':
        this.#faults = { ...this.#faults, xorErrors: command.frames }
        break
      case 'pull-mid-read':
        this.#faults = { ...this.#faults, pullAfterBytes: command.afterBytes }
        break
      case 'late-reply':
        this.#faults = { ...this.#faults, lateReplyMs: command.ms }
        break
      case 'sam-fault':
        this.#faults = { ...this.#faults, samFault: command.status }
        this.#module.brokenStatus = command.status === 'none' ? undefined : Number.parseInt(command.status, 16)
        break
      case 'unplug':
        await this.#unplug()
        break
      case 'plug':
        await this.#plug()
        break
    }
    this.#changes.notify()
  }

  state(): CardReaderState {
    return {
      address: this.#door.address,
      plugged: this.#plugged,
      connected: this.#door.connections > 0,
      card: (this.#module.card?.key as CardKey | undefined) ?? null,
      stage: this.#module.stage,
      lastRequest: this.#lastRequest,
      reads: this.#reads,
      faults: this.#faults,
      cards: CARDS,
    }
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  async #plug(): Promise<void> {
    if (this.#plugged) return
    await this.#door.open()
    this.#plugged = true
  }

  async #unplug(): Promise<void> {
    if (!this.#plugged) return
    this.#plugged = false
    this.#session += 1
    this.#requests.forget()
    for (const [timer, resolve] of this.#timers) {
      clearTimeout(timer)
      resolve()
    }
    this.#timers.clear()
    await this.#door.close()
  }

  #accept(request: Request): void {
    const session = this.#session
    this.#turn = this.#turn.then(() => (session === this.#session ? this.#serve(request, session) : undefined))
  }

  async #serve(request: Request, session: number): Promise<void> {
    const command = request.kind === 'request' ? request.command : undefined
    const name = command === undefined ? 'other' : (REQUEST_NAMES[command] ?? 'other')
    if (this.#lastRequest !== name) {
      this.#lastRequest = name
      this.#changes.notify()
    }
    await this.#wait(name === 'find' || name === 'select' || name === 'read' ? this.#workMs[name] : this.#workMs.other)
    if (session !== this.#session) return
    let bytes = this.#replyTo(command)
    const faults = this.#faults
    let lateMs = faults.delayMs
    if (command === READ && faults.lateReplyMs > 0) {
      lateMs += faults.lateReplyMs
      this.#faults = { ...this.#faults, lateReplyMs: 0 }
    }
    if (lateMs > 0) await this.#wait(lateMs)
    if (session !== this.#session || this.#faults.silence) return
    if (this.#faults.xorErrors > 0) {
      bytes = Buffer.from(bytes)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x5a
      this.#faults = { ...this.#faults, xorErrors: this.#faults.xorErrors - 1 }
    }
    await this.#say(this.#faults.noise ? Buffer.concat([NOISE, bytes, NOISE]) : bytes, session)
    this.#changes.notify()
  }

  /** What the module answers, cut short when the card is to be pulled in the middle. */
  #replyTo(command: number | undefined): Buffer {
    if (command === undefined) return replyBytes(0x10)
    const pullAfter = this.#faults.pullAfterBytes
    if (command === READ && pullAfter !== null && this.#module.card !== undefined) {
      this.#faults = { ...this.#faults, pullAfterBytes: null }
      const { status, data } = this.#module.answer(command)
      this.#module.lift()
      return pullAfter === 0 ? replyBytes(0x41) : replyBytes(status, data).subarray(0, pullAfter)
    }
    const { status, data } = this.#module.answer(command)
    if (command === READ && status === 0x90) this.#reads += 1
    return replyBytes(status, data)
  }

  async #say(bytes: Buffer, session: number): Promise<void> {
    if (!this.#faults.split) return this.#door.write(bytes)
    for (const byte of bytes) {
      if (session !== this.#session) return
      this.#door.write(Buffer.of(byte))
      await this.#wait(this.#splitGapMs)
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, ms)
      this.#timers.set(timer, resolve)
    })
  }
}
