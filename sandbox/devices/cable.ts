import { z } from 'zod'
import type { Clock } from '../../core/clock/clock.ts'

/** The longest wait that a cable may be told to make. */
const LONGEST_WAIT_MS = 600_000
const MOST_BYTES = 10_000_000
const milliseconds = z.int().min(0).max(LONGEST_WAIT_MS)
const count = z.int().min(0).max(MOST_BYTES)

/**
 * What may be done to the cable of any virtual device. Only the named faults change; the others stay as they are. `0`,
 * `false` and `null` switch a fault off.
 */
export const cableCommandSchema = z.strictObject({
  kind: z.literal('cable'),
  /** All faults off, before the others of this command are switched on. Does not plug in by itself. */
  clear: z.literal(true).optional(),
  /** What the device says arrives in pieces of so many bytes, with a pause after each. */
  split: z.strictObject({ pieceBytes: z.int().min(1).max(65_536).default(1), gapMs: milliseconds.default(0) }).nullable().optional(),
  /** What the device says within this time arrives joined. */
  mergeMs: milliseconds.optional(),
  /** Everything arrives later by this. */
  delayMs: milliseconds.optional(),
  /** Every nth chunk is lost. */
  dropEvery: count.optional(),
  /** So many of the next chunks are lost. */
  dropNext: count.optional(),
  /** So many of the next bytes are wrong. */
  corruptNext: count.optional(),
  /** One byte in so many, by chance, is wrong. */
  corruptOneIn: count.optional(),
  /** So many of the next chunks arrive twice. */
  repeatNext: count.optional(),
  /** The next chunk, and nothing before it, arrives later by this; what follows keeps its place behind it. */
  lateMs: milliseconds.optional(),
  /** Nothing arrives, though the line stands. */
  silent: z.boolean().optional(),
  /** Stray bytes before and after every chunk. */
  noise: z.boolean().optional(),
  /** Stray bytes arrive by themselves, so many a second, in chunks every 10 ms. */
  flood: count.optional(),
  /** The true speed of a line: 11,520 for 115200 baud with 8N1. */
  bytesPerSecond: count.optional(),
  /** The plug comes out as soon as so many more bytes have passed, often in the middle of a frame. */
  unplugAfterBytes: count.nullable().optional(),
  /** Whose bytes `unplugAfterBytes` counts: what the device says (`out`), or what it is told (`in`). */
  unplugCounts: z.enum(['out', 'in']).optional(),
  /** After any unplugging the plug goes in again by itself when so much time has passed. */
  replugAfterMs: milliseconds.nullable().optional(),
  /** The plug comes out (`false`) or goes in (`true`) now. */
  plugged: z.boolean().optional(),
  /** The device comes back under this path: unplugged first if it was plugged in, and plugged in again. Serial lines only. */
  path: z.string().min(1).max(4096).optional(),
})
/** As the bench may send it. */
export type CableCommand = z.input<typeof cableCommandSchema>

export interface CableState {
  readonly plugged: boolean
  readonly split: { readonly pieceBytes: number; readonly gapMs: number } | null
  readonly mergeMs: number
  readonly delayMs: number
  readonly dropEvery: number
  readonly dropNext: number
  readonly corruptNext: number
  readonly corruptOneIn: number
  readonly repeatNext: number
  readonly lateMs: number
  readonly silent: boolean
  readonly noise: boolean
  readonly flood: number
  readonly bytesPerSecond: number
  readonly unplugAfterBytes: number | null
  readonly unplugCounts: 'out' | 'in'
  readonly replugAfterMs: number | null
}

/** The door of a device: a TCP port, a serial line, an HTTP server. The cable opens and closes it as the plug goes in and out. */
export interface CableDoor {
  open(): Promise<void>
  close(): Promise<void>
  /** Bytes on their way to the host. */
  write(bytes: Uint8Array): void
  /** The door is found at another path from its next opening on. Left out: this kind of door has no path to lose. */
  rename?(path: string): void | Promise<void>
}

export interface CableOptions {
  readonly clock: Clock
  /** [0, 1): use `seededRandom`, so that what was found once is found again. */
  readonly random: () => number
  readonly door: CableDoor
  /** A fault was switched on or off, used itself up, or the plug moved. */
  readonly onChange?: () => void
  /** Called before the door closes: the device forgets what it was about to say. */
  readonly onUnplug?: () => void
}

type Faults = Omit<CableState, 'plugged'>
const NO_FAULTS: Faults = {
  split: null, mergeMs: 0, delayMs: 0, dropEvery: 0, dropNext: 0, corruptNext: 0, corruptOneIn: 0, repeatNext: 0, lateMs: 0,
  silent: false, noise: false, flood: 0, bytesPerSecond: 0, unplugAfterBytes: null, unplugCounts: 'out', replugAfterMs: null,
}

/** At a given speed bytes arrive in pieces no longer than this, so that a receiver sees a frame grow as on a true line. */
const PACE_STEP_MS = 5
const FLOOD_EVERY_MS = 10
const LONGEST_NOISE_BYTES = 12

/**
 * The cable between a virtual device and its door, with every fault that a real one has. The device gives what it says to
 * {@link Cable.outward} and passes what it hears through {@link Cable.inward}; order is always kept. Without faults bytes
 * pass at once, in the same call.
 */
export class Cable {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #door: CableDoor
  readonly #onChange: () => void
  readonly #onUnplug: () => void
  #faults: Faults = NO_FAULTS
  #plugged = false
  /** Plug moves happen one after another. */
  #moves: Promise<void> = Promise.resolve()
  /** Chunks seen since `dropEvery` was set. */
  #chunks = 0
  #merging: Uint8Array[] = []
  #mergeTimer: unknown
  #line: { readonly bytes: Uint8Array; readonly at: number }[] = []
  #lineTimer: unknown
  /** When the line is free for the next byte. */
  #freeAt = 0
  #floodTimer: unknown
  #replugTimer: unknown

  constructor({ clock, random, door, onChange = () => undefined, onUnplug = () => undefined }: CableOptions) {
    this.#clock = clock
    this.#random = random
    this.#door = door
    this.#onChange = onChange
    this.#onUnplug = onUnplug
  }

  state(): CableState {
    return { plugged: this.#plugged, ...this.#faults }
  }

  get plugged(): boolean {
    return this.#plugged
  }

  /** Opens the door. Rejects when it cannot be opened; then the plug is out. */
  plug(): Promise<void> {
    return this.#move(async () => {
      if (this.#plugged) return
      this.#clock.clearTimeout(this.#replugTimer)
      await this.#door.open()
      this.#plugged = true
      this.#floodOn()
      this.#onChange()
    })
  }

  /** Closes the door; what was on its way is lost. Comes back by itself when `replugAfterMs` says so. */
  unplug(): Promise<void> {
    this.#cut()
    return this.#move(async () => {
      // Once more: the plug may have been on its way in.
      this.#cut()
      await this.#door.close()
      this.#onChange()
    })
  }

  /** The end of the device: the plug is out, every timer has ended, every fault is off. */
  async stop(): Promise<void> {
    this.#faults = NO_FAULTS
    this.#clock.clearTimeout(this.#replugTimer)
    await this.unplug()
    this.#clock.clearTimeout(this.#replugTimer)
  }

  /** Resolves when the command has taken effect; a door that does not open again, or has no path to change, rejects it. */
  async command(command: CableCommand): Promise<void> {
    const { kind: _kind, clear, plugged, path, ...changes } = cableCommandSchema.parse(command)
    if (path !== undefined && this.#door.rename === undefined) throw new Error('this door has no path that could change')
    const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<Faults>
    this.#faults = { ...(clear === true ? NO_FAULTS : this.#faults), ...named }
    if (clear === true || named.dropEvery !== undefined) this.#chunks = 0
    if (this.#faults.mergeMs === 0) this.#flushMerged()
    this.#floodOn()
    if (path !== undefined) {
      if (this.#plugged) await this.unplug()
      this.#clock.clearTimeout(this.#replugTimer)
      await this.#move(async () => this.#door.rename?.(path))
      await this.plug()
    }
    if (plugged === true) await this.plug()
    if (plugged === false) await this.unplug()
    this.#onChange()
  }

  /** One chunk that the device says. */
  outward(bytes: Uint8Array): void {
    if (!this.#plugged || this.#faults.silent || bytes.length === 0) return
    if (this.#faults.mergeMs === 0) return this.#send(bytes)
    if (this.#merging.length === 0) this.#mergeTimer = this.#clock.setTimeout(() => this.#flushMerged(), this.#faults.mergeMs)
    this.#merging.push(bytes)
  }

  /** One chunk that came for the device; gives back the part of it that still arrives. */
  inward(bytes: Uint8Array): Uint8Array {
    if (!this.#plugged) return new Uint8Array()
    return this.#faults.unplugCounts === 'in' ? this.#countDown(bytes) : bytes
  }

  #flushMerged(): void {
    this.#clock.clearTimeout(this.#mergeTimer)
    const joined = concat(this.#merging)
    this.#merging = []
    if (joined.length > 0) this.#send(joined)
  }

  #send(chunk: Uint8Array): void {
    if (this.#isDropped()) return
    const { noise, repeatNext, lateMs, delayMs } = this.#faults
    const spoiled = this.#corrupt(chunk)
    const bytes = noise ? concat([this.#noise(), spoiled, this.#noise()]) : spoiled
    if (repeatNext > 0) this.#use({ repeatNext: repeatNext - 1 })
    if (lateMs > 0) this.#use({ lateMs: 0 })
    const from = this.#clock.now() + delayMs + lateMs
    this.#lay(bytes, from)
    if (repeatNext > 0) this.#lay(bytes, from)
    this.#run()
  }

  #isDropped(): boolean {
    this.#chunks += 1
    const { dropNext, dropEvery } = this.#faults
    if (dropNext > 0) {
      this.#use({ dropNext: dropNext - 1 })
      return true
    }
    return dropEvery > 0 && this.#chunks % dropEvery === 0
  }

  #corrupt(chunk: Uint8Array): Uint8Array {
    const { corruptNext, corruptOneIn } = this.#faults
    if (corruptNext === 0 && corruptOneIn === 0) return chunk
    const spoiled = Uint8Array.from(chunk, (byte, index) => {
      const hit = index < corruptNext || (corruptOneIn > 0 && this.#random() * corruptOneIn < 1)
      // Any value but the right one.
      return hit ? byte ^ (1 + Math.floor(this.#random() * 255)) : byte
    })
    if (corruptNext > 0) this.#use({ corruptNext: Math.max(0, corruptNext - chunk.length) })
    return spoiled
  }

  #noise(): Uint8Array {
    return this.#strayBytes(1 + Math.floor(this.#random() * LONGEST_NOISE_BYTES))
  }

  #strayBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.#random() * 256))
  }

  /** Puts bytes on the line, in pieces, each with the time at which it arrives. */
  #lay(bytes: Uint8Array, from: number): void {
    const { split, bytesPerSecond } = this.#faults
    const paced = bytesPerSecond === 0 ? Infinity : Math.max(1, Math.floor((bytesPerSecond * PACE_STEP_MS) / 1000))
    const pieceBytes = Math.min(split?.pieceBytes ?? Infinity, paced, bytes.length)
    let at = Math.max(from, this.#freeAt)
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes)
      if (bytesPerSecond > 0) at += (piece.length * 1000) / bytesPerSecond
      this.#line.push({ bytes: piece, at })
      at += split?.gapMs ?? 0
    }
    this.#freeAt = at
  }

  /** Hands over one piece that is due, and sets one timer for the rest: pieces are events of their own for the receiver. */
  #run(): void {
    const first = this.#line[0]
    if (first !== undefined && first.at <= this.#clock.now()) {
      this.#line.shift()
      const passed = this.#faults.unplugCounts === 'out' ? this.#countDown(first.bytes) : first.bytes
      if (passed.length > 0) this.#door.write(passed)
    }
    this.#clock.clearTimeout(this.#lineTimer)
    const following = this.#line[0]
    if (following !== undefined) this.#lineTimer = this.#clock.setTimeout(() => this.#run(), Math.max(0, following.at - this.#clock.now()))
  }

  /** Counts towards `unplugAfterBytes`; at zero the plug comes out, and the door closes when the caller has done with it. */
  #countDown(bytes: Uint8Array): Uint8Array {
    const left = this.#faults.unplugAfterBytes
    if (left === null) return bytes
    if (bytes.length < left) {
      this.#use({ unplugAfterBytes: left - bytes.length })
      return bytes
    }
    this.#use({ unplugAfterBytes: null })
    void this.unplug()
    return bytes.subarray(0, left)
  }

  /** At once, before the door has closed: nothing more may pass. */
  #cut(): void {
    const was = this.#plugged
    this.#plugged = false
    this.#clock.clearTimeout(this.#mergeTimer)
    this.#clock.clearTimeout(this.#lineTimer)
    this.#clock.clearTimeout(this.#floodTimer)
    this.#merging = []
    this.#line = []
    this.#freeAt = 0
    if (!was) return
    this.#onUnplug()
    const again = this.#faults.replugAfterMs
    this.#clock.clearTimeout(this.#replugTimer)
    // A door that does not open again (its path is gone) stays closed; the state shows it.
    if (again !== null) this.#replugTimer = this.#clock.setTimeout(() => void this.plug().catch(() => this.#onChange()), again)
  }

  #floodOn(): void {
    this.#clock.clearTimeout(this.#floodTimer)
    if (!this.#plugged || this.#faults.flood === 0) return
    this.#floodTimer = this.#clock.setTimeout(() => {
      const due = Math.max(1, Math.round((this.#faults.flood * FLOOD_EVERY_MS) / 1000))
      this.#lay(this.#strayBytes(due), this.#clock.now())
      this.#run()
      this.#floodOn()
    }, FLOOD_EVERY_MS)
  }

  #use(changed: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...changed }
    this.#onChange()
  }

  #move(step: () => Promise<void>): Promise<void> {
    const moved = this.#moves.then(step)
    this.#moves = moved.catch(() => undefined)
    return moved
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
