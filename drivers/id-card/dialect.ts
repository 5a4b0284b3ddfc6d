import type { FrameCounters, ReplyFrame } from './frame.ts'
import { FrameDecoder } from './frame.ts'
import { fits, limitMsOf, replyLengthOf, requestOf, verdictOf } from './sam.ts'
import type { SamCommand, SamVerdict } from './sam.ts'

/** Takes replies out of a stream of bytes that comes in any pieces. */
export interface ReplyDecoder {
  readonly counters: FrameCounters
  /** Bytes of the frame that has begun and is not whole yet. */
  readonly pendingBytes: number
  /** The length word of the frame that has begun, once its head is there. */
  readonly pendingLength: number | undefined
  push(chunk: Uint8Array): ReplyFrame[]
  /** The frame that has begun will never be whole: looks for good ones behind its first byte. */
  giveUp(): ReplyFrame[]
  reset(): void
}

/** What a link must know of the language that a reader speaks: its commands as bytes, and which reply belongs to which. */
export interface Dialect<Command extends string> {
  newDecoder(): ReplyDecoder
  request(command: Command): Uint8Array
  /** Longest wait for the reply, on a wire of so many bits per second. */
  limitMs(command: Command, bitsPerSecond: number | undefined): number
  /** The length word of the good reply to a command: a head with it is the reply itself, not noise. */
  replyLength(command: Command): number
  fits(command: Command, reply: ReplyFrame): boolean
  verdict(reply: ReplyFrame): SamVerdict
  /** Carries a whole card: after it has failed, its late reply must have run dry before anything else is asked. */
  isLong(command: Command): boolean
}

/** The frame of GA/T 467, as nearly all readers speak it. */
export const SAM_DIALECT: Dialect<SamCommand> = {
  newDecoder: () => new FrameDecoder(),
  request: requestOf,
  limitMs: limitMsOf,
  replyLength: replyLengthOf,
  fits,
  verdict: ({ sw3 }) => verdictOf(sw3),
  isLong: (command) => command === 'read',
}
