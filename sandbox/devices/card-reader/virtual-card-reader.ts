import { z } from 'zod'
import type { Clock } from '../../../core/clock/clock.ts'
import { Cable, cableCommandSchema } from '../cable.ts'
import type { CableState } from '../cable.ts'
import { realClock } from '../real-clock.ts'
import { seededRandom } from '../seeded-random.ts'
import { ChangeListeners } from '../virtual-device.ts'
import type { VirtualDevice } from '../virtual-device.ts'
import { PEOPLE, PERSON_KEYS } from '../people.ts'
import type { PersonKey } from '../people.ts'
import { addressMemory, cardMemory } from './card-memory.ts'
import { openDoor } from './doors.ts'
import type { Door, DoorAddress } from './doors.ts'
import { SecurityModule } from './security-module.ts'
import type { ModuleReply } from './security-module.ts'
import { StxRequestStream, stxReplyBytes } from './stx-wire.ts'
import { replyBytes, RequestStream } from './wire.ts'
import type { Request } from './wire.ts'

/** Besides the people's cards: one that no identity card reader can read. */
const OTHER_CARDS = ['bank-card'] as const
const CARD_KEYS = [...PERSON_KEYS, ...OTHER_CARDS] as [PersonKey | 'bank-card', ...(PersonKey | 'bank-card')[]]
export type CardKey = (typeof CARD_KEYS)[number]

const milliseconds = z.int().min(0).max(600_000)
const FAILING_STEPS = { status: 0x11ff, find: 0x2001, select: 0x2002, read: 0x3001, addresses: 0x3003 } as const
const DIALECTS = ['sam', 'stx', 'stx-nibbles'] as const
export type ReaderDialect = (typeof DIALECTS)[number]

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
  /** So many of the next replies to a step are this failure (SW3); null takes it back. */
  z.strictObject({ kind: z.literal('fail'), step: z.enum(Object.keys(FAILING_STEPS) as [keyof typeof FAILING_STEPS, ...(keyof typeof FAILING_STEPS)[]]), status: z.int().min(0).max(0xff).nullable(), times: z.int().min(1).max(1_000_000).default(1) }),
  /** The language of the reader: the SAM's frame, or envelope E in one of its writings. */
  z.strictObject({ kind: z.literal('dialect'), dialect: z.enum(DIALECTS) }),
  /** Every fault that a cable may have; the ones above named silence, split, delay, plug and unplug are the same by shorter names. */
  cableCommandSchema,
])
/** As the bench may send it. */
export type CardReaderCommand = z.input<typeof cardReaderCommandSchema>

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
    /** Steps whose next replies are failures. */
    readonly failing: readonly (keyof typeof FAILING_STEPS)[]
  }
  readonly dialect: ReaderDialect
  readonly cable: CableState
  /** Everyone whose card can be laid. */
  readonly cards: readonly { readonly key: CardKey; readonly label: { readonly 'zh-CN': string; readonly en: string } }[]
}

export interface CardReaderOptions {
  readonly name?: string
  readonly address: DoorAddress
  readonly dialect?: ReaderDialect
  readonly clock?: Clock
  /** For the faults of the cable that come by chance. */
  readonly seed?: number
  /** How long the reader works on each command before it answers. Real readers take 1 to 2 s for a read. */
  readonly workMs?: { readonly find?: number; readonly select?: number; readonly read?: number; readonly other?: number }
}

const READ = 0x3001
const STX_READ = 0xca01
const STX_DONE = 0x9000
/** No table of failures is known for envelope E: this one stands for all. */
const STX_FAILED = 0x6300
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
  readonly #cable: Cable
  readonly #clock: Clock
  readonly #module = new SecurityModule()
  readonly #requests = new RequestStream()
  readonly #stxRequests = new StxRequestStream()
  readonly #changes = new ChangeListeners()
  readonly #waits = new Map<unknown, () => void>()
  #dialect: ReaderDialect
  /** Replies go out one after another. */
  #turn: Promise<void> = Promise.resolve()
  /** Raised when the cable is pulled: what was being said is cut off. */
  #session = 0
  #lastRequest: CardReaderState['lastRequest'] = null
  #reads = 0
  #faults: Pick<CardReaderState['faults'], 'noise' | 'xorErrors' | 'pullAfterBytes' | 'lateReplyMs' | 'samFault'> = { noise: false, xorErrors: 0, pullAfterBytes: null, lateReplyMs: 0, samFault: 'none' }

  constructor({ name = 'card-reader', address, workMs, dialect = 'sam', clock = realClock, seed = 1 }: CardReaderOptions) {
    this.name = name
    this.#dialect = dialect
    this.#clock = clock
    this.#workMs = { find: 30, select: 60, read: 400, other: 10, ...workMs }
    this.#door = openDoor(address, {
      onData: (chunk) => this.#hear(this.#cable.inward(chunk)),
      onConnections: () => this.#changes.notify(),
    })
    this.#cable = new Cable({ clock, random: seededRandom(seed), door: this.#door, onChange: () => this.#changes.notify(), onUnplug: () => this.#forget() })
  }

  async start(): Promise<void> {
    await this.#cable.plug()
  }

  async stop(): Promise<void> {
    await this.#cable.stop()
    this.#forget()
    this.#module.lift()
  }

  async command(command: CardReaderCommand): Promise<void> {
    switch (command.kind) {
      case 'lay':
        this.#module.lay({ key: command.person, ...(command.person === 'bank-card' ? { memory: undefined } : { memory: cardMemory(PEOPLE[command.person].card), addresses: addressMemory(PEOPLE[command.person].card) }) })
        break
      case 'lift':
        this.#module.lift()
        break
      case 'silence':
        await this.#cable.command({ kind: 'cable', silent: command.on })
        break
      case 'noise':
        this.#faults = { ...this.#faults, noise: command.on }
        break
      case 'split':
        await this.#cable.command({ kind: 'cable', split: command.on ? { pieceBytes: 1, gapMs: command.gapMs ?? 1 } : null })
        break
      case 'delay':
        await this.#cable.command({ kind: 'cable', delayMs: command.ms })
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
        await this.#cable.unplug()
        break
      case 'plug':
        await this.#cable.plug()
        break
      case 'fail':
        if (command.status === null) this.#module.failing.delete(FAILING_STEPS[command.step])
        else this.#module.failing.set(FAILING_STEPS[command.step], { status: command.status, times: command.times ?? 1 })
        break
      case 'dialect':
        this.#dialect = command.dialect
        this.#requests.forget()
        this.#stxRequests.forget()
        break
      case 'cable':
        await this.#cable.command(command)
        break
    }
    this.#changes.notify()
  }

  state(): CardReaderState {
    const cable = this.#cable.state()
    return {
      address: this.#door.address,
      plugged: cable.plugged,
      connected: this.#door.connections > 0,
      card: (this.#module.card?.key as CardKey | undefined) ?? null,
      stage: this.#module.stage,
      lastRequest: this.#lastRequest,
      reads: this.#reads,
      dialect: this.#dialect,
      cable,
      faults: {
        ...this.#faults,
        silence: cable.silent,
        split: cable.split !== null,
        delayMs: cable.delayMs,
        failing: (Object.keys(FAILING_STEPS) as (keyof typeof FAILING_STEPS)[]).filter((step) => this.#module.failing.has(FAILING_STEPS[step])),
      },
      cards: CARDS,
    }
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  /** The plug is out: what was being said is cut off, and what was half heard is forgotten. */
  #forget(): void {
    this.#session += 1
    this.#requests.forget()
    this.#stxRequests.forget()
    for (const [timer, resolve] of this.#waits) {
      this.#clock.clearTimeout(timer)
      resolve()
    }
    this.#waits.clear()
  }

  #hear(chunk: Uint8Array): void {
    if (this.#dialect === 'sam') for (const request of this.#requests.take(chunk)) this.#accept((session) => this.#serve(request, session))
    else for (const data of this.#stxRequests.take(chunk, writingOf(this.#dialect))) this.#accept((session) => this.#serveStx(data, session))
  }

  #accept(serve: (session: number) => Promise<void>): void {
    const session = this.#session
    this.#turn = this.#turn.then(() => (session === this.#session ? serve(session) : undefined))
  }

  async #serve(request: Request, session: number): Promise<void> {
    const command = request.kind === 'request' ? request.command : undefined
    const name = command === undefined ? 'other' : (REQUEST_NAMES[command] ?? 'other')
    this.#note(name)
    await this.#wait(this.#wireMs(request.kind === 'request' ? 10 + request.data.length : 10) + (name === 'find' || name === 'select' || name === 'read' ? this.#workMs[name] : this.#workMs.other))
    if (session !== this.#session) return
    const bytes = this.#replyTo(command)
    await this.#say(bytes, command === READ, session)
  }

  /** The reader does find, select and read by itself; whatever fails on the way is one status. */
  async #serveStx(data: Buffer, session: number): Promise<void> {
    const writing = writingOf(this.#dialect)
    const parameter = data.length === 3 && data.readUInt16BE(0) === STX_READ ? data[2] : undefined
    this.#note(parameter === undefined ? 'other' : 'read')
    await this.#wait(this.#wireMs(data.length + 5) + this.#workMs.find + this.#workMs.select + this.#workMs.read)
    if (session !== this.#session) return
    const broken = this.#module.brokenStatus !== undefined || parameter === undefined || parameter > 3
    const { memory } = this.#module.card ?? { memory: undefined }
    const failing = this.#module.failing.size > 0
    if (broken || failing || memory === undefined) {
      for (const [step, { times }] of this.#module.failing) if (times <= 1) this.#module.failing.delete(step)
      return this.#say(stxReplyBytes(STX_FAILED, Buffer.alloc(0), writing), false, session)
    }
    const text = memory.subarray(4, 260)
    const payload = [memory, text.subarray(122, 158), Buffer.concat([text.subarray(0, 30), text.subarray(122, 158)]), text][parameter] ?? memory
    if (parameter === 0) this.#reads += 1
    await this.#say(stxReplyBytes(STX_DONE, payload, writing), parameter === 0, session)
  }

  #note(name: NonNullable<CardReaderState['lastRequest']>): void {
    if (this.#lastRequest === name) return
    this.#lastRequest = name
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
    const { status, data }: ModuleReply = this.#module.answer(command)
    if (command === READ && status === 0x90) this.#reads += 1
    return replyBytes(status, data)
  }

  async #say(reply: Buffer, isRead: boolean, session: number): Promise<void> {
    let bytes = reply
    if (isRead && this.#faults.lateReplyMs > 0) {
      const lateMs = this.#faults.lateReplyMs
      this.#faults = { ...this.#faults, lateReplyMs: 0 }
      await this.#wait(lateMs)
      if (session !== this.#session) return
    }
    if (this.#faults.xorErrors > 0) {
      bytes = Buffer.from(bytes)
      // The check byte: the last one, or in envelope E the one before the end mark.
      const at = bytes.length - (this.#dialect === 'sam' ? 1 : 2)
      bytes[at] = (bytes[at] ?? 0) ^ 0x5a
      this.#faults = { ...this.#faults, xorErrors: this.#faults.xorErrors - 1 }
    }
    this.#cable.outward(this.#faults.noise ? Buffer.concat([NOISE, bytes, NOISE]) : bytes)
    this.#changes.notify()
  }

  /** At a true speed the request, too, takes its time on the wire. */
  #wireMs(bytes: number): number {
    const { bytesPerSecond } = this.#cable.state()
    return bytesPerSecond === 0 ? 0 : (bytes * 1000) / bytesPerSecond
  }

  #wait(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => {
        this.#waits.delete(timer)
        resolve()
      }, ms)
      this.#waits.set(timer, resolve)
    })
  }
}

function writingOf(dialect: ReaderDialect): 'bytes' | 'nibbles' {
  return dialect === 'stx-nibbles' ? 'nibbles' : 'bytes'
}
