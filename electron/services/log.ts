import { pino } from 'pino'
import type { Clock } from '../../core/clock/clock.ts'
import type { Log, LogEventId, LogLevel } from '../../core/log/events.ts'
import { isLogEvent, LOG_EVENTS } from '../../core/log/events.ts'
import type { ScrubbedFields } from '../../core/log/scrub.ts'
import { looksPersonal, scrubFields } from '../../core/log/scrub.ts'
import type { RotatingFile, RotationRules } from './rotating-file.ts'
import { openRotatingFile } from './rotating-file.ts'

export interface LogOptions {
  /** The `log` room of the data folder. */
  readonly folder: string
  readonly clock: Clock
  readonly level?: LogLevel
  readonly rotation?: RotationRules
  /** Where lines go; by default rotating files in `folder`. */
  readonly file?: RotatingFile
  /** Also gives each finished line to this, for a developer's terminal window. */
  readonly onLine?: (line: string) => void
}

export interface KioskLog {
  readonly log: Log
  /** Writes the counts of repeats that are still open, and closes the file. Later events are dropped. */
  close(): void
}

/** Equal events within this time are one line and a count. */
export const COALESCE_MS = 60_000
/** More different events than this at a time are not remembered: the oldest is written out. */
const COALESCE_ENTRIES = 200

interface Repeats {
  readonly event: LogEventId
  readonly fields: ScrubbedFields
  count: number
  readonly timer: unknown
}

const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }

/**
 * The log of the kiosk process, and the one place where logs leave it: fields pass the scrubber, finished lines are looked at
 * once more, every line is on its file before the call returns, errors are also flushed to the disk.
 */
export function openLog(options: LogOptions): KioskLog {
  const { clock } = options
  const file = options.file ?? openRotatingFile(options.folder, clock, options.rotation)
  const repeats = new Map<string, Repeats>()
  let closed = false

  const writer = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination(file, clock, options.onLine),
  )

  function write(event: LogEventId, fields: Readonly<Record<string, unknown>>): void {
    writer[LOG_EVENTS[event].level](fields, event)
    const lost = file.takeLost()
    // Told once the disk takes lines again; while it does not, this line is lost as well and counted anew.
    if (lost.lines > 0) writer.error({ lines: lost.lines, code: lost.code }, 'log.lost')
  }

  function endRepeats(key: string): void {
    const entry = repeats.get(key)
    if (entry === undefined) return
    repeats.delete(key)
    clock.clearTimeout(entry.timer)
    if (entry.count > 0) write(entry.event, { ...entry.fields, repeated: entry.count })
  }

  const log: Log = (event, fields) => {
    if (closed) return
    if (!isLogEvent(event)) {
      write('log.unknown-event', scrubFields('log.unknown-event', { name: event }).fields)
      return
    }
    const scrubbed = scrubFields(event, fields)
    const content: ScrubbedFields = scrubbed.withheld === 0 ? scrubbed.fields : { ...scrubbed.fields, scrubbed: scrubbed.withheld }
    const key = JSON.stringify([event, content])
    const known = repeats.get(key)
    if (known !== undefined) {
      known.count += 1
      return
    }
    const oldest = repeats.keys().next().value
    if (repeats.size >= COALESCE_ENTRIES && oldest !== undefined) endRepeats(oldest)
    repeats.set(key, { event, fields: content, count: 0, timer: clock.setTimeout(() => endRepeats(key), COALESCE_MS) })
    write(event, content)
  }

  return {
    log,
    close: () => {
      if (closed) return
      for (const key of [...repeats.keys()]) endRepeats(key)
      closed = true
      file.close()
    },
  }
}

/** What pino writes to; it is told each line's level by pino's own convention for destinations. */
function destination(file: RotatingFile, clock: Clock, onLine: LogOptions['onLine']): { write(line: string): void; lastLevel: number } {
  const stream = {
    lastLevel: 0,
    write: (line: string): void => {
      const safe = withholdPersonal(line, clock)
      file.append(safe, stream.lastLevel >= LEVEL_NUMBERS.error)
      onLine?.(safe.trimEnd())
    },
  }
  return Object.assign(stream, { [Symbol.for('pino.metadata')]: true })
}

/**
 * The last look at a finished line, independent of what the fields were declared as: a line that still looks like personal
 * data is replaced by the fact that it was.
 */
export function withholdPersonal(line: string, clock: Clock): string {
  return looksPersonal(line) ? `{"level":"error","time":"${new Date(clock.now()).toISOString()}","event":"log.line-withheld"}\n` : line
}
