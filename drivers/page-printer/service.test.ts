import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PagePrintOutcome, PagePrintProgress } from '../../core/device/operations.ts'
import { httpUrlOf, printerUriOf } from './http.ts'
import { BUSY_LIMIT_MS, CANCEL_LIMIT_MS, COUNT_LIMIT_MS, HELD_UP_LIMIT_MS, LOST_LIMIT_MS, STANDSTILL_LIMIT_MS } from './machine.ts'
import { createPagePrinter } from './service.ts'
import { stemOf } from './sight.ts'
import { ScriptedPrinter } from './testing/scripted-printer.ts'

async function started(options: { readonly duplex?: boolean } = {}) {
  const clock = new SimulatedClock()
  const printer = new ScriptedPrinter(clock)
  const log: string[] = []
  const service = createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url: 'ipp://printer/ipp/print' }, via: 'printer', duplex: options.duplex ?? false }, { clock, post: printer.post, log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) })
  service.start()
  await clock.advance(0)
  const print = async (pages = 2, number = 'N-1') => {
    const ended: PagePrintOutcome[] = []
    const progress: PagePrintProgress[] = []
    void service.print({ number, pdf: Uint8Array.of(1), pages }, (step) => progress.push(step)).then((outcome) => ended.push(outcome))
    await clock.advance(0)
    return { ended, progress }
  }
  /** The printer has worked on the newest job so far. */
  const tells = async (state: number, impressions: number | undefined): Promise<void> => {
    const job = printer.newestJob
    if (job === undefined) throw new Error('no job')
    job.state = state
    job.impressions = impressions
    await clock.advance(700)
  }
  return { clock, printer, service, print, tells, log, state: () => service.status().state, code: () => service.status().code }
}

describe('addresses', () => {
  it.each([
    ['ipp://printer/ipp/print', 'http://printer:631/ipp/print', 'ipp://printer/ipp/print'],
    ['ipps://printer/ipp/print', 'https://printer:631/ipp/print', 'ipps://printer/ipp/print'],
    ['ipp://printer:80/ipp/print', 'http://printer/ipp/print', 'ipp://printer:80/ipp/print'],
    ['ipp://[::1]:8631/ipp/print', 'http://[::1]:8631/ipp/print', 'ipp://[::1]:8631/ipp/print'],
    ['http://localhost:631/printers/a4', 'http://localhost:631/printers/a4', 'ipp://localhost/printers/a4'],
    ['https://printer/ipp', 'https://printer/ipp', 'ipps://printer:443/ipp'],
  ])('%s', (address, http, uri) => {
    expect(httpUrlOf(address)).toBe(http)
    expect(printerUriOf(address)).toBe(uri)
  })
})

describe('while nobody prints', () => {
  it('follows the printer within two seconds, both ways, whatever the ending of its words', async () => {
    const { clock, printer, state, code } = await started()
    for (const [reasons, expected] of [
      [['media-empty-report'], 'no-paper'], [['media-needed'], 'no-paper'], [['media-jam-warning'], 'jam'], [['door-open-error'], 'cover-open'], [['toner-empty'], 'no-toner'], [['marker-supply-empty-error'], 'no-toner'],
      [['output-area-full-warning'], 'output-full'], [['media-low-report'], 'paper-low'], [['paused'], 'fault'], [['shutdown'], 'offline'], [['media-empty-error', 'cover-open-error'], 'cover-open'], [['none'], 'ready'],
    ] as const) {
      printer.reasons = reasons
      await clock.advance(2_000)
      expect([reasons, state()]).toEqual([reasons, expected])
    }
    printer.reasons = ['toner-low-warning']
    await clock.advance(2_000)
    expect([state(), code()]).toEqual(['ready', 'toner-low'])
  })

  it.each([
    [{ media: ['na_letter_8.5x11in'] }, 'no-paper', 'not-a4'], [{ formats: ['image/urf'] }, 'fault', 'no-pdf'], [{ accepting: false }, 'fault', 'paused'], [{ state: 5 }, 'fault', 'printer'], [{ state: 4 }, 'busy', undefined], [{ otherJobs: 1 }, 'busy', undefined],
    [{ media: [] }, 'ready', undefined], [{ httpStatus: 404 }, 'fault', 'http-404'],
  ] as const)('%j is %s', async (set, expected, expectedCode) => {
    const { clock, printer, state, code } = await started()
    Object.assign(printer, set)
    await clock.advance(2_000)
    expect([state(), code()]).toEqual([expected, expectedCode])
  })

  it('forgives one silence, believes two, asks ever more rarely, and comes back by itself', async () => {
    const { clock, printer, state } = await started()
    printer.becomes('silent')
    await clock.advance(1_500 + 3_000)
    expect(state()).toBe('ready')
    await clock.advance(1_500 + 3_000)
    expect(state()).toBe('offline')
    const asked = printer.asked.length
    await clock.advance(120_000)
    expect(printer.asked.length - asked).toBeLessThan(14)
    printer.becomes('well')
    await clock.advance(15_000)
    expect(state()).toBe('ready')
  })

  it('leaves no timer behind when it is stopped, and starts again', async () => {
    const { clock, service, state } = await started()
    await service.stop()
    await clock.advance(0)
    expect([clock.pending, state()]).toEqual([0, 'offline'])
    service.start()
    await clock.advance(0)
    expect(state()).toBe('ready')
  })

  it('tells model and counts', async () => {
    const { printer, print, tells, service } = await started()
    printer.lifeCount = 1_234
    await print()
    await tells(9, 2)
    expect(service.details?.()).toEqual({ model: 'Scripted', impressions: 1_234, jobs: 1, pages: 2, notPrinted: 0 })
  })
})

describe('success', () => {
  it('waits for the printer\u2019s count, which may come after its "completed"', async () => {
    const { clock, print, tells } = await started()
    const { ended } = await print()
    await tells(9, 1)
    expect(ended).toEqual([])
    await tells(9, 2)
    expect(ended).toEqual([{ kind: 'printed', pages: 2 }])
    expect(clock.pending).toBe(1)
  })

  it('is not claimed when the count stays short', async () => {
    const { clock, print, tells } = await started()
    const { ended } = await print()
    await tells(9, 1)
    await clock.advance(COUNT_LIMIT_MS - 700)
    expect(ended).toEqual([])
    await clock.advance(1_400)
    expect(ended).toEqual([{ kind: 'unknown', why: 'fault' }])
  })

  it('is not claimed for more sides than pages, but a blank back of the last sheet may be counted', async () => {
    const simplex = await started()
    const one = await simplex.print(3)
    await simplex.tells(9, 4)
    await simplex.clock.advance(COUNT_LIMIT_MS + 700)
    expect(one.ended).toEqual([{ kind: 'unknown', why: 'fault' }])
    const duplex = await started({ duplex: true })
    const other = await duplex.print(3)
    await duplex.tells(9, 4)
    expect(other.ended).toEqual([{ kind: 'printed', pages: 3 }])
  })

  it('may rest on the life counter of a printer that counts no sides per job', async () => {
    const { clock, printer, print, tells } = await started()
    printer.lifeCount = 100
    await clock.advance(1_500)
    const { ended } = await print()
    printer.lifeCount = 102
    await tells(9, undefined)
    expect(ended).toEqual([{ kind: 'printed', pages: 2 }])
  })

  it('does not rest on the life counter while others print', async () => {
    const { clock, printer, print, tells } = await started()
    printer.lifeCount = 100
    const { ended } = await print()
    printer.lifeCount = 102
    printer.otherJobs = 1
    await tells(9, undefined)
    await clock.advance(COUNT_LIMIT_MS + 700)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
  })

  it('tells the page that is coming, and why it waits', async () => {
    const { printer, print, tells } = await started()
    const { progress } = await print()
    await tells(5, 1)
    printer.reasons = ['media-jam-error']
    await tells(6, 1)
    printer.reasons = ['none']
    await tells(5, 1)
    expect(progress).toEqual([{ kind: 'sending' }, { kind: 'printing', page: 1 }, { kind: 'printing', page: 2 }, { kind: 'waiting', why: 'jam' }, { kind: 'printing', page: 2 }])
  })
})

describe('refusals', () => {
  it.each([[0x040a, 'format-refused'], [0x0411, 'format-refused'], [0x0506, 'paused'], [0x0507, 'busy'], [0x0401, 'fault']] as const)('IPP %i makes no job: not started', async (answer, why) => {
    const { printer, print } = await started()
    printer.printAnswer = answer
    const { ended } = await print()
    expect(ended).toEqual([{ kind: 'not-started', why }])
  })

  it('a trouble of the printer\u2019s own may have made a job: asked for by name, and unknown when there is none', async () => {
    const { clock, printer, print } = await started()
    printer.printAnswer = 0x0500
    const { ended } = await print()
    expect(ended).toEqual([])
    await clock.advance(LOST_LIMIT_MS + 700)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
    expect(printer.printJobs).toBe(1)
  })

  it('a second document while one is on its way: busy', async () => {
    const { print } = await started()
    await print()
    expect((await print(1, 'N-2')).ended).toEqual([{ kind: 'not-started', why: 'busy' }])
  })

  it('not before it is started', async () => {
    const clock = new SimulatedClock()
    const printer = new ScriptedPrinter(clock)
    const service = createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url: 'ipp://printer' }, via: 'printer', duplex: false }, { clock, post: printer.post, log: () => undefined })
    expect(await service.print({ number: 'N', pdf: new Uint8Array(), pages: 1 }, () => undefined)).toEqual({ kind: 'not-started', why: 'link-lost' })
  })

  it('a printer that works for others is waited for, not for ever', async () => {
    const { clock, printer, print } = await started()
    printer.otherJobs = 1
    const { ended, progress } = await print()
    await clock.advance(BUSY_LIMIT_MS - 1_000)
    expect(ended).toEqual([])
    await clock.advance(1_700)
    expect(ended).toEqual([{ kind: 'not-started', why: 'busy' }])
    expect(progress).toEqual([{ kind: 'waiting', why: 'busy' }])
  })
})

describe('a job that does not go on', () => {
  it('is taken back when nobody mends it in time, and told with what came out', async () => {
    const { clock, printer, print, tells } = await started()
    const { ended } = await print()
    printer.reasons = ['media-empty-error']
    await tells(6, 1)
    await clock.advance(HELD_UP_LIMIT_MS - 1_400)
    expect(ended).toEqual([])
    await clock.advance(2_800)
    expect(printer.newestJob?.state).toBe(7)
    expect(ended).toEqual([{ kind: 'stopped', why: 'no-paper', pages: 1 }])
  })

  it('without any word of why is taken back too', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    await clock.advance(STANDSTILL_LIMIT_MS + 2_100)
    expect(printer.newestJob?.state).toBe(7)
    expect(ended).toEqual([{ kind: 'stopped', why: 'fault', pages: 0 }])
  })

  it('that cannot be taken back is unknown, and tried again later', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.hold = 'cancelJob'
    await clock.advance(STANDSTILL_LIMIT_MS + CANCEL_LIMIT_MS + 5_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
    printer.letGo()
    await clock.advance(3_000)
    expect(printer.newestJob?.state).toBe(7)
  })

  it('that ended with all its sides out is unknown, not stopped', async () => {
    const { print, tells } = await started()
    const { ended } = await print()
    await tells(8, 2)
    expect(ended).toEqual([{ kind: 'unknown', why: 'fault' }])
  })

  it('that ended without any count is unknown', async () => {
    const { print, tells } = await started()
    const { ended } = await print()
    await tells(8, undefined)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
  })
})

describe('words of a printer', () => {
  it('count by their stem', () => {
    expect(['media-jam-report', 'media-jam-warning', 'media-jam-error', 'media-jam'].map(stemOf)).toEqual(Array.from({ length: 4 }, () => 'media-jam'))
  })

  it('never reach the log: only codes do', async () => {
    const { clock, printer, log, print } = await started()
    printer.reasons = ['陈志远-error']
    await clock.advance(2_000)
    await print(2, '陈志远')
    expect(log.join()).not.toContain('陈志远')
  })
})
