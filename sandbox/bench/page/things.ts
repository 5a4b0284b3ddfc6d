import type { BackendCommand, BackendState } from '../../backend/command.ts'
import type { CardReaderCommand, CardReaderState } from '../../devices/card-reader/virtual-card-reader.ts'
import type { CodeScannerCommand, CodeScannerState } from '../../devices/code-scanner/virtual-code-scanner.ts'
import type { PagePrinterCommand } from '../../devices/page-printer/bench-commands.ts'
import type { PagePrinterState } from '../../devices/page-printer/virtual-page-printer.ts'
import type { PrinterCommand, PrinterState } from '../../devices/receipt-printer/bench-commands.ts'
import type { ScannerCommand, ScannerDeviceState } from '../../devices/scanner/virtual-scanner.ts'
import type { RepositoryCommand, RepositoryServerState } from '../../repository/server.ts'

/** What stands on the bench, by the name that the bench server gives it. */
export interface States {
  readonly 'card-reader': CardReaderState
  readonly 'receipt-printer': PrinterState
  readonly 'page-printer': PagePrinterState
  readonly 'code-scanner': CodeScannerState
  readonly scanner: ScannerDeviceState
  readonly backend: BackendState
  readonly repository: RepositoryServerState
}

export interface Commands {
  readonly 'card-reader': CardReaderCommand
  readonly 'receipt-printer': PrinterCommand
  readonly 'page-printer': PagePrinterCommand
  readonly 'code-scanner': CodeScannerCommand
  readonly scanner: ScannerCommand
  readonly backend: BackendCommand
  readonly repository: RepositoryCommand
}

export type ThingName = keyof States
/** Devices whose bytes pass through a cable that can be broken in every way. */
export const CABLED_THINGS = ['card-reader', 'scanner', 'receipt-printer', 'page-printer', 'code-scanner'] as const satisfies readonly ThingName[]
export type CabledThing = (typeof CABLED_THINGS)[number]

/** One thing and one command that it understands. */
export type Order = { [Name in ThingName]: { readonly thing: Name; readonly command: Commands[Name] } }[ThingName]

/** A message of `GET /api/events`. */
export interface BenchState {
  readonly things: States
  readonly links: { readonly kiosk?: string; readonly backend?: string }
}
