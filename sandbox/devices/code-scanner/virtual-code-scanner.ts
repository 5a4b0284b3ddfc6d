import { z } from 'zod'
import type { Clock } from '../../../core/clock/clock.ts'
import { Cable, cableCommandSchema } from '../cable.ts'
import type { CableState } from '../cable.ts'
import { openDoor } from '../card-reader/doors.ts'
import type { Door, DoorAddress } from '../card-reader/doors.ts'
import { realClock } from '../real-clock.ts'
import { seededRandom } from '../seeded-random.ts'
import { ChangeListeners } from '../virtual-device.ts'
import type { VirtualDevice } from '../virtual-device.ts'

const TERMINATORS = { cr: '\r', lf: '\n', crlf: '\r\n', none: '' } as const
export type ScannerTerminator = keyof typeof TERMINATORS

/** What a person might hold before the scanner. All of it is invented; the tokens open nothing. */
export const SAMPLE_CODES = {
  'social-card': { label: { 'zh-CN': '电子社保卡', en: 'Electronic social-security card' }, text: 'DEMO:SSC:990101:7QK2M9XA' },
  licence: { label: { 'zh-CN': '电子证照', en: 'Electronic licence' }, text: 'https://licence.demo.invalid/q?t=5F2C81D07B' },
  'city-code': { label: { 'zh-CN': '一码通', en: 'City code' }, text: 'YMT|990101|20260115T0930|C0FFEE42' },
  'case-number': { label: { 'zh-CN': '回执上的办件编号', en: 'Case number on a receipt' }, text: '99010120250108000123H' },
} as const
const SAMPLE_KEYS = Object.keys(SAMPLE_CODES) as [keyof typeof SAMPLE_CODES, ...(keyof typeof SAMPLE_CODES)[]]

export const codeScannerCommandSchema = z.discriminatedUnion('kind', [
  /** Holds a code before the scanner once. */
  z.strictObject({ kind: z.literal('show'), text: z.string().min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('show-sample'), code: z.enum(SAMPLE_KEYS) }),
  /** A phone is held there: the same code again and again, as scanners in presentation mode do. */
  z.strictObject({ kind: z.literal('hold'), text: z.string().min(1).max(10_000), everyMs: z.int().min(50).max(60_000).default(1000) }),
  z.strictObject({ kind: z.literal('take-away') }),
  z.strictObject({ kind: z.literal('terminator'), terminator: z.enum(Object.keys(TERMINATORS) as [ScannerTerminator, ...ScannerTerminator[]]) }),
  cableCommandSchema,
])
/** As the bench may send it. */
export type CodeScannerCommand = z.input<typeof codeScannerCommandSchema>

export interface CodeScannerState {
  readonly address: DoorAddress
  /** Whether a driver holds the line. */
  readonly connected: boolean
  readonly terminator: ScannerTerminator
  /** A code is held there. */
  readonly holding: boolean
  /** Codes that were said since the start. */
  readonly shown: number
  readonly samples: readonly { readonly key: string; readonly label: { readonly 'zh-CN': string; readonly en: string } }[]
  readonly cable: CableState
}

export interface CodeScannerOptions {
  readonly name?: string
  readonly address: DoorAddress
  readonly terminator?: ScannerTerminator
  readonly clock?: Clock
  /** For the faults of the cable that come by chance. */
  readonly seed?: number
}

/** A code scanner that exists only as a program and says codes at a TCP port or on a serial line. It hears nothing. */
export function createVirtualCodeScanner(options: CodeScannerOptions): VirtualDevice<CodeScannerCommand, CodeScannerState> {
  return new VirtualCodeScanner(options)
}

class VirtualCodeScanner implements VirtualDevice<CodeScannerCommand, CodeScannerState> {
  readonly name: string
  readonly commandSchema = codeScannerCommandSchema as unknown as z.ZodType<CodeScannerCommand>
  readonly #clock: Clock
  readonly #door: Door
  readonly #cable: Cable
  readonly #changes = new ChangeListeners()
  #terminator: ScannerTerminator
  #holdTimer: unknown
  #holding = false
  #shown = 0

  constructor({ name = 'code-scanner', address, terminator = 'cr', clock = realClock, seed = 1 }: CodeScannerOptions) {
    this.name = name
    this.#terminator = terminator
    this.#clock = clock
    this.#door = openDoor(address, { onData: (chunk) => void this.#cable.inward(chunk), onConnections: () => this.#changes.notify() })
    this.#cable = new Cable({ clock, random: seededRandom(seed), door: this.#door, onChange: () => this.#changes.notify() })
  }

  async start(): Promise<void> {
    await this.#cable.plug()
  }

  async stop(): Promise<void> {
    this.#takeAway()
    await this.#cable.stop()
  }

  async command(sent: CodeScannerCommand): Promise<void> {
    const command = codeScannerCommandSchema.parse(sent)
    switch (command.kind) {
      case 'show':
        this.#say(command.text)
        break
      case 'show-sample':
        this.#say(SAMPLE_CODES[command.code].text)
        break
      case 'hold':
        this.#takeAway()
        this.#holding = true
        this.#hold(command.text, command.everyMs)
        break
      case 'take-away':
        this.#takeAway()
        break
      case 'terminator':
        this.#terminator = command.terminator
        break
      case 'cable':
        await this.#cable.command(command)
        break
    }
    this.#changes.notify()
  }

  state(): CodeScannerState {
    return {
      address: this.#door.address,
      connected: this.#door.connections > 0,
      terminator: this.#terminator,
      holding: this.#holding,
      shown: this.#shown,
      samples: SAMPLE_KEYS.map((key) => ({ key, label: SAMPLE_CODES[key].label })),
      cable: this.#cable.state(),
    }
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  #say(text: string): void {
    this.#shown += 1
    this.#cable.outward(Buffer.from(text + TERMINATORS[this.#terminator]))
  }

  #hold(text: string, everyMs: number): void {
    this.#say(text)
    this.#changes.notify()
    this.#holdTimer = this.#clock.setTimeout(() => this.#hold(text, everyMs), everyMs)
  }

  #takeAway(): void {
    this.#clock.clearTimeout(this.#holdTimer)
    this.#holding = false
  }
}
