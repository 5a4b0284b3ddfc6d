/** A card as the field over the reader sees it. */
export interface CardInField {
  readonly key: string
  /** What a read gives: lengths, text, photo. Undefined for a card of another kind, such as a bank card. */
  readonly memory: Buffer | undefined
  /** What a read of the newer addresses gives; empty or left out when the chip holds none. */
  readonly addresses?: Buffer | undefined
}

const DONE = 0x90
const FOUND = 0x9f
const FIND_FAILED = 0x80
const SELECT_FAILED = 0x81
const READ_FAILED = 0x41
const WRONG_CARD = 0x40
const WRONG_ORDER = 0x21
const NO_CONTENT = 0x91

/** 16 bytes: two 16-bit and three 32-bit little-endian numbers. */
const MODULE_NUMBER = Buffer.from('0500' + '0100' + '20A13301' + '87D61200' + '00000000', 'hex')

export type Stage = 'nothing' | 'found' | 'selected' | 'read'

export interface ModuleReply {
  readonly status: number
  readonly data?: Buffer
}

/**
 * The SAM inside the reader: knows whether a card lies in the field and how far the host has come with it. Order is find,
 * select, read; a card that was read is not found again until it has left the field, but may be selected and read again.
 */
export class SecurityModule {
  #card: CardInField | undefined
  #stage: Stage = 'nothing'
  /** 0x60 or 0x66 while the module is broken. */
  brokenStatus: number | undefined
  /** Answers of failure that stand ready for a command: the status byte, and how often it is still given. */
  readonly failing = new Map<number, { readonly status: number; readonly times: number }>()

  get stage(): Stage {
    return this.#stage
  }

  get card(): CardInField | undefined {
    return this.#card
  }

  lay(card: CardInField): void {
    this.#card = card
    this.#stage = 'nothing'
  }

  lift(): void {
    this.#card = undefined
    this.#stage = 'nothing'
  }

  answer(command: number): ModuleReply {
    if (this.brokenStatus !== undefined) return { status: this.brokenStatus }
    const failure = this.failing.get(command)
    if (failure !== undefined) {
      if (failure.times <= 1) this.failing.delete(command)
      else this.failing.set(command, { ...failure, times: failure.times - 1 })
      return { status: failure.status }
    }
    switch (command) {
      case 0x10ff:
        this.#stage = 'nothing'
        return { status: DONE }
      case 0x11ff:
        return { status: DONE }
      case 0x12ff:
        return { status: DONE, data: MODULE_NUMBER }
      case 0x2001:
        if (this.#card === undefined || this.#stage === 'read') return { status: FIND_FAILED }
        this.#stage = 'found'
        return { status: FOUND, data: Buffer.alloc(4) }
      case 0x2002:
        if (this.#card === undefined) return { status: SELECT_FAILED }
        if (this.#stage === 'nothing') return { status: WRONG_ORDER }
        if (this.#card.memory === undefined) return { status: WRONG_CARD }
        if (this.#stage === 'found') this.#stage = 'selected'
        return { status: DONE, data: Buffer.alloc(8) }
      case 0x3001:
        if (this.#card === undefined) return { status: READ_FAILED }
        if (this.#stage === 'nothing' || this.#stage === 'found' || this.#card.memory === undefined) return { status: WRONG_ORDER }
        this.#stage = 'read'
        return { status: DONE, data: this.#card.memory }
      case 0x3003:
        if (this.#stage !== 'read') return { status: WRONG_ORDER }
        return this.#card?.addresses === undefined || this.#card.addresses.length === 0 ? { status: NO_CONTENT } : { status: DONE, data: this.#card.addresses }
      default:
        return { status: WRONG_ORDER }
    }
  }
}
