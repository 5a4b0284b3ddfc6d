import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { commandSchema } from './command.ts'
import type { Snapshot } from './snapshot.ts'

/** 25 MB of JPEG as base64, with the head of a data URL: what a camera of 20 megapixels gives is far below it. */
export const LARGEST_PHOTOGRAPH_BYTES = 25_000_000
const PHOTOGRAPH_HEAD = 'data:image/jpeg;base64,'

/**
 * The kiosk API: all that the page may ask of the kiosk process, over a MessagePort in Electron and over a WebSocket of the
 * page host. Inputs are parsed on arrival, also when they come from our own page.
 */
export const kioskContract = {
  /** The present snapshot at once, then one on every change. Opening a second stream means that the first page is gone: its stream ends as `REPLACED`, its commands are refused. */
  snapshots: oc.output(eventIterator(type<Snapshot>())),
  /** `refused` when the present screen does not know the command, for example a touch that came after the screen had changed. */
  command: oc.input(commandSchema).output(z.strictObject({ result: z.enum(['accepted', 'refused']) })),
  /** A page picture of this session as a data URL; `undefined` when it is gone. */
  page: oc.input(z.strictObject({ page: z.string().min(1).max(80) })).output(z.strictObject({ dataUrl: z.string().optional() })),
  /** A still of the document camera, taken while the scan step waits for a page; `refused` at any other time. How good it is shows on the screen. */
  photograph: oc.input(z.strictObject({ dataUrl: z.string().startsWith(PHOTOGRAPH_HEAD).max(PHOTOGRAPH_HEAD.length + Math.ceil(LARGEST_PHOTOGRAPH_BYTES / 3) * 4) })).output(z.strictObject({ result: z.enum(['accepted', 'refused']) })),
}
export type KioskContract = typeof kioskContract
