import type { SocialCardConfig } from '../../core/config/kiosk-config.ts'
import { openSystemPcsc } from '../transport/pcsc.ts'
import type { OpenPcsc } from '../transport/pcsc.ts'

/** The way to reach a reader: a PC/SC service, and which of its readers is meant. */
export interface ReaderPlace {
  readonly label: string
  readonly open: OpenPcsc
  /** The reader's full name among those that are attached. */
  readonly choose: (readers: readonly string[]) => string | undefined
}

/** The way to reach the reader that a configuration names. */
export function openerFor({ address }: SocialCardConfig): ReaderPlace {
  const part = address.reader?.toLowerCase()
  return {
    label: 'pcsc',
    open: openSystemPcsc,
    choose: (readers) => readers.find((name) => part === undefined || name.toLowerCase().includes(part)),
  }
}
