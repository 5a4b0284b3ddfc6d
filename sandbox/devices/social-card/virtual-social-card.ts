import { z } from 'zod'
import type { Clock } from '../../../core/clock/clock.ts'
import { Cable, cableCommandSchema } from '../cable.ts'
import type { CableState } from '../cable.ts'
import { realClock } from '../real-clock.ts'
import { seededRandom } from '../seeded-random.ts'
import { ChangeListeners } from '../virtual-device.ts'
import type { VirtualDevice } from '../virtual-device.ts'
import { CardApplication, USUAL_HABITS } from './card-application.ts'
import { SOCIAL_CARD_KEYS, SOCIAL_CARDS } from './cards.ts'
import type { SocialCardKey } from './cards.ts'
import { Contact } from './contact.ts'
import type { ReaderAddress } from './contact.ts'
import { cardMessage, ReaderMessages } from './wire.ts'
import type { ReaderMessage } from './wire.ts'

export const socialCardCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('insert'),
    card: z.enum(SOCIAL_CARD_KEYS),
    habits: z.strictObject({ lengths: z.enum(['T0', 'whole']).default(USUAL_HABITS.lengths), selects: z.enum(['child', 'plain', 'both']).default(USUAL_HABITS.selects), records: z.enum(['number', 'tag', 'both']).default(USUAL_HABITS.records) }).default(USUAL_HABITS),
  }),
  z.strictObject({ kind: z.literal('take-out') }),
  /** So many of the next commands for the card are answered with this status. */
  z.strictObject({ kind: z.literal('fail'), status: z.int().min(0x6000).max(0x9fff), times: z.int().min(0).max(1000).default(1) }),
  /** The card is pulled when it has answered so many commands. */
  z.strictObject({ kind: z.literal('pull-after'), commands: z.int().min(0).max(1000).nullable() }),
  /** The wire between reader and card; pulling its plug pulls the card. */
  cableCommandSchema,
])
/** As the bench may send it. */
export type SocialCardCommand = z.input<typeof socialCardCommandSchema>

export interface SocialCardState {
  readonly reader: ReaderAddress
  readonly card: SocialCardKey | null
  /** Whether the reader (vpcd of pcscd) has the card. */
  readonly connected: boolean
  readonly powered: boolean
  /** Commands since the card was put in. */
  readonly commands: number
  /** PINs that were tried; more than none is a fault of the driver. */
  readonly verifies: number
  readonly cards: readonly { readonly key: SocialCardKey; readonly label: { readonly 'zh-CN': string; readonly en: string } }[]
  readonly cable: CableState
}

export interface VirtualSocialCardOptions {
  readonly name?: string
  /** Where vpcd listens; 35963 on this computer unless it was told otherwise. */
  readonly reader: ReaderAddress
  readonly clock?: Clock
  /** For the faults of the cable that come by chance. */
  readonly seed?: number
}

/** Answer to reset of a card that speaks T=0, with eleven invented historical bytes. */
const ANSWER_TO_RESET = Buffer.concat([Buffer.from('3B6B0000', 'hex'), Buffer.from('KIOSK-DEMO1', 'latin1')])

/**
 * A chip card that exists only as a program. Put in, it connects to the virtual reader of pcscd (Debian package
 * `vsmartcard-vpcd`, set up with `DEVICENAME /dev/null:port`), which sees a card as long as the connection stands.
 */
export function createVirtualSocialCard(options: VirtualSocialCardOptions): VirtualDevice<SocialCardCommand, SocialCardState> {
  return new VirtualSocialCard(options)
}

class VirtualSocialCard implements VirtualDevice<SocialCardCommand, SocialCardState> {
  readonly name: string
  readonly commandSchema = socialCardCommandSchema as unknown as z.ZodType<SocialCardCommand>
  readonly #contact: Contact
  readonly #reader: ReaderAddress
  readonly #cable: Cable
  readonly #messages = new ReaderMessages()
  readonly #changes = new ChangeListeners()
  #key: SocialCardKey | undefined
  #application = new CardApplication(undefined)
  #powered = false
  #commands = 0
  #failing: { readonly status: number; readonly times: number } | undefined
  #pullAfter: number | null = null

  constructor({ name = 'social-card', reader, clock = realClock, seed = 1 }: VirtualSocialCardOptions) {
    this.name = name
    this.#reader = reader
    this.#contact = new Contact(reader, clock, {
      onData: (chunk) => {
        for (const message of this.#messages.take(this.#cable.inward(chunk))) this.#hear(message)
      },
      onContact: () => {
        this.#messages.forget()
        this.#changes.notify()
      },
    })
    this.#cable = new Cable({ clock, random: seededRandom(seed), door: this.#contact, onChange: () => this.#changes.notify(), onUnplug: () => this.#lostPower() })
  }

  /** The slot is empty. */
  async start(): Promise<void> {
    this.#changes.notify()
  }

  async stop(): Promise<void> {
    this.#key = undefined
    await this.#cable.stop()
  }

  async command(sent: SocialCardCommand): Promise<void> {
    const command = socialCardCommandSchema.parse(sent)
    switch (command.kind) {
      case 'insert':
        await this.#cable.unplug()
        this.#key = command.card
        this.#application = new CardApplication(SOCIAL_CARDS[command.card].content, command.habits)
        this.#commands = 0
        await this.#cable.plug()
        break
      case 'take-out':
        this.#key = undefined
        await this.#cable.unplug()
        break
      case 'fail':
        this.#failing = command.times === 0 ? undefined : { status: command.status, times: command.times }
        break
      case 'pull-after':
        this.#pullAfter = command.commands
        break
      case 'cable':
        await this.#cable.command(command)
        break
    }
    this.#changes.notify()
  }

  state(): SocialCardState {
    return {
      reader: this.#reader,
      card: this.#key ?? null,
      connected: this.#contact.isMade,
      powered: this.#powered,
      commands: this.#commands,
      verifies: this.#application.verifies,
      cards: SOCIAL_CARD_KEYS.map((key) => ({ key, label: SOCIAL_CARDS[key].label })),
      cable: this.#cable.state(),
    }
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  #hear(message: ReaderMessage): void {
    switch (message.kind) {
      case 'power-on':
      case 'reset':
        this.#contact.seen()
        this.#application.reset()
        this.#powered = true
        break
      case 'power-off':
        this.#lostPower()
        break
      case 'get-atr':
        // Asked again and again to find out whether the card is still there: no change.
        this.#cable.outward(cardMessage(ANSWER_TO_RESET))
        return
      case 'apdu':
        this.#obey(message.bytes)
        break
    }
    this.#changes.notify()
  }

  #obey(apdu: Buffer): void {
    if (this.#pullAfter !== null && this.#commands >= this.#pullAfter) {
      this.#pullAfter = null
      this.#key = undefined
      void this.#cable.unplug()
      return
    }
    this.#commands += 1
    if (this.#failing !== undefined) {
      const { status, times } = this.#failing
      this.#failing = times > 1 ? { status, times: times - 1 } : undefined
      this.#cable.outward(cardMessage(Buffer.of(status >> 8, status & 0xff)))
      return
    }
    this.#cable.outward(cardMessage(this.#application.answer(apdu)))
  }

  #lostPower(): void {
    this.#powered = false
    this.#application.reset()
  }
}
