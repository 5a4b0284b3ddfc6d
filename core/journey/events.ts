import type { CardReadProgress, ScanProgress } from '../device/operations.ts'
import type { Command } from '../kiosk-api/command.ts'
import type { LocalText } from '../text/local-text.ts'

/** Commands of the citizen, and what the operations in flight report back. */
export type JourneyEvent =
  | Command
  /** Somebody is there: sent with every command, whether or not the screen knows it. */
  | { readonly type: 'touch' }
  | { readonly type: 'card-progress'; readonly progress: CardReadProgress }
  | { readonly type: 'resume-progress'; readonly progress: CardReadProgress }
  | { readonly type: 'scan-progress'; readonly progress: ScanProgress }
  | { readonly type: 'look-progress'; readonly step: LocalText; readonly percent: number }
  | { readonly type: 'read-progress'; readonly page: string; readonly step: LocalText; readonly percent: number }
  | { readonly type: 'submit-step'; readonly step: 'keeping' | 'sending' }
  /** A still of the document camera, which came beside the commands because of its size. */
  | { readonly type: 'photograph'; readonly jpeg: Uint8Array }
  /** The page that showed this session is gone (crash, reload, second window). */
  | { readonly type: 'page-lost' }
