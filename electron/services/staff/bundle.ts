import { open, readdir, rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Clock } from '../../../core/clock/clock.ts'
import { looksPersonal } from '../../../core/log/scrub.ts'
import { chinaDateTime } from '../../../core/text/china-time.ts'
import { writeDurably } from '../database/durable-file.ts'

/** Folder of finished bundles in the data folder. */
export const BUNDLE_FOLDER = 'bundles'
const BUNDLES_KEPT = 5
/** The newest log lines; a fault of last week is in last week's bundle. */
const MOST_LOG_BYTES = 20_000_000
const PIECE_BYTES = 262_144
const LOG_FILE = /^kiosk-\d{4}-\d{2}-\d{2}\.\d+\.jsonl$/

export interface BundleContents {
  /** Name of a JSON file in the bundle → what it says. Nothing of a citizen may stand here; what looks like it is withheld. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Folder of the log. */
  readonly logs: string
}

export interface BundleOptions extends BundleContents {
  readonly dataFolder: string
  /** Public age key of the office that opens bundles. */
  readonly recipient: string
  readonly terminalId: string
  readonly clock: Clock
}

/**
 * Writes an encrypted diagnostic bundle, `<data folder>/bundles/<terminal>-<time>.zip.age` (0600), and keeps the last five.
 * Every line and value passes the scrubber once more. Only the recipient can open it; this terminal cannot.
 */
export async function makeBundle(options: BundleOptions): Promise<{ readonly file: string; readonly bytes: number }> {
  const { clock, dataFolder, recipient, terminalId } = options
  const folder = join(dataFolder, BUNDLE_FOLDER)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const encrypted = await encrypter.encrypt(await zipped(options))
  const name = `${terminalId}-${chinaDateTime(clock.now()).replaceAll(/\D/g, '')}.zip.age`
  const file = join(folder, name)
  await writeDurably(file, encrypted)
  const older = (await readdir(folder)).filter((other) => other.endsWith('.zip.age')).sort().slice(0, -BUNDLES_KEPT)
  for (const old of older) await rm(join(folder, old), { force: true })
  return { file, bytes: encrypted.length }
}

/** In pieces, with a pause after each: a packed log must not hold up the screen. */
async function zipped({ facts, logs }: BundleContents): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let failure: Error | undefined
  const zip = new Zip((error, piece) => {
    if (error !== null) failure = error
    else pieces.push(piece)
  })
  for (const [name, value] of Object.entries(facts)) {
    const entry = new ZipDeflate(name, { level: 6 })
    zip.add(entry)
    entry.push(strToU8(`${JSON.stringify(scrubbed(value), null, 2)}\n`), true)
    await pause()
  }
  for await (const { name, lines } of logLines(logs)) {
    const entry = new ZipDeflate(`log/${name}`, { level: 6 })
    zip.add(entry)
    for await (const piece of lines) {
      entry.push(strToU8(piece))
      await pause()
    }
    entry.push(new Uint8Array(), true)
  }
  zip.end()
  if (failure !== undefined) throw failure
  return Buffer.concat(pieces)
}

/** Log files, newest first, up to the limit, in pieces of whole lines that have been looked at once more. */
async function* logLines(folder: string): AsyncGenerator<{ readonly name: string; readonly lines: AsyncGenerator<string> }> {
  const names = (await readdir(folder)).filter((name) => LOG_FILE.test(name)).sort().reverse()
  let left = MOST_LOG_BYTES
  for (const name of names) {
    if (left <= 0) return
    const handle = await open(join(folder, name), 'r')
    try {
      const { size } = await handle.stat()
      const from = Math.max(0, size - left)
      left -= size - from
      yield { name, lines: wholeLines(handle, from, size) }
    } finally {
      await handle.close()
    }
  }
}

async function* wholeLines(handle: Awaited<ReturnType<typeof open>>, from: number, to: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  // The first line may be cut by the limit.
  let skipFirst = from > 0
  for (let at = from; at < to;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, Math.min(PIECE_BYTES, to - at), at)
    if (bytesRead === 0) break
    at += bytesRead
    const joined = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    const end = at < to ? joined.lastIndexOf(0x0a) + 1 : joined.length
    rest = Buffer.from(joined.subarray(end))
    const lines = joined.subarray(0, end).toString('utf8').split('\n').filter((line) => line !== '')
    if (skipFirst && lines.length > 0) {
      lines.shift()
      skipFirst = false
    }
    if (lines.length > 0) yield `${lines.map((line) => (looksPersonal(line) ? '{"event":"log.line-withheld"}' : line)).join('\n')}\n`
  }
}

/** Texts that look like personal data are replaced; everything else stays as it is. */
function scrubbed(value: unknown): unknown {
  if (typeof value === 'string') return looksPersonal(value) ? '(withheld)' : value
  if (Array.isArray(value)) return value.map(scrubbed)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (looksPersonal(name) ? [] : [[name, scrubbed(inner)]])))
  return value
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
