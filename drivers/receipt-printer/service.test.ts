import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { PrintOutcome } from '../../core/device/operations.ts'
import type { ReceiptDocument } from '../../core/receipt/document.ts'
import type { PrintJob } from '../device-host/contract.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from './assets.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { createReceiptPrinter, receiptPrinterOn } from './service.ts'
import { ScriptedPrinter } from './testing/scripted-printer.ts'

const folder = printerAssetsFolder()
const glyphs = lazyGlyphBook(folder)

function profileNamed(name: string): ReceiptPrinterProfile {
  const profile = readPrinterProfile(folder, name)
  if (!profile.ok) throw new Error(JSON.stringify(profile.error))
  return profile.value
}

const DOCUMENT: ReceiptDocument = { number: 'A-1', blocks: [{ kind: 'title', text: '回执' }, { kind: 'pair', label: '申请人', value: '赵小敏' }] }
const OURS = 'k7Q2'
const JOB: PrintJob = { document: DOCUMENT, attempt: 1, processId: OURS, voidStubFirst: false }

const NORMAL: [number, number, number, number] = [0x12, 0x12, 0x12, 0x12]
const PAPER_OUT: [number, number, number, number] = [0x1a, 0x32, 0x12, 0x7e]
const COVER_OPEN: [number, number, number, number] = [0x1a, 0x16, 0x12, 0x12]
const CUTTER: [number, number, number, number] = [0x1a, 0x52, 0x1a, 0x12]
const NEAR_END: [number, number, number, number] = [0x12, 0x12, 0x12, 0x1e]
const HOT: [number, number, number, number] = [0x1a, 0x52, 0x52, 0x12]
/** Offline for no cause that it names: asked again before it is believed. */
const CONTRADICTION: [number, number, number, number] = [0x1a, 0x12, 0x12, 0x12]

async function started(profile = profileNamed('escpos-80')) {
  const clock = new SimulatedClock()
  const printer = new ScriptedPrinter()
  const log: string[] = []
  const service = receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: 'p' }, profile, {
    clock,
    open: printer.open,
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
    glyphs,
  })
  service.start()
  await clock.advance(0)
  const state = (): string => service.status().state
  /** Prints and goes on until sending has begun (or the outcome is there). */
  const print = async (job: PrintJob = JOB) => {
    const ended: PrintOutcome[] = []
    let sendings = 0
    printer.forget()
    void service.print(job, () => (sendings += 1)).then((outcome) => ended.push(outcome))
    await clock.advance(0)
    // The first receipt of a process waits until a model without process id has no more to say of an earlier one.
    if (profile.proof === 'in-order-status' && sendings === 0 && ended.length === 0) await clock.advance(1_500)
    return { ended, sendings: () => sendings }
  }
  return { clock, printer, service, state, print, log }
}

describe('before sending', () => {
  it('asks all four questions, then sends, and is printed on its own process id and a clean status', async () => {
    const { clock, printer, print, state } = await started()
    expect(state()).toBe('ready')
    const { ended, sendings } = await print()
    expect(sendings()).toBe(1)
    expect(state()).toBe('busy')
    // The cut comes before the process id.
    expect(printer.sentHex).toMatch(/^1b401c26.*1d5642181d28480600303/)
    expect(printer.sentHex.endsWith(Buffer.from(OURS).toString('hex'))).toBe(true)
    expect(ended).toEqual([])
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'printed', proof: 'process-id' }])
    expect(state()).toBe('ready')
  })

  it.each([
    ['paper out', PAPER_OUT, 'no-paper'],
    ['cover open', COVER_OPEN, 'cover-open'],
    ['cutter stuck', CUTTER, 'cutter-fault'],
  ] as const)('%s: nothing is sent', async (_, answers, why) => {
    const { printer, print } = await started()
    printer.answers = [...answers]
    const { ended, sendings } = await print()
    expect(ended).toEqual([{ kind: 'not-started', why }])
    expect(sendings()).toBe(0)
    expect(printer.sentHex).toBe('')
  })

  it('a silent printer: nothing is sent, told within one second', async () => {
    const { clock, printer, print } = await started()
    printer.answers = undefined
    const { ended, sendings } = await print()
    await clock.advance(999)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual([{ kind: 'not-started', why: 'silent' }])
    expect(sendings()).toBe(0)
  })

  it('near the end of the roll, a receipt longer than the rest is refused and a short one printed', async () => {
    const { clock, printer, print, state } = await started()
    printer.answers = [...NEAR_END]
    await clock.advance(2_000)
    expect(state()).toBe('paper-low')
    const long = await print({ ...JOB, document: { number: 'A-1', blocks: Array.from({ length: 120 }, () => ({ kind: 'text', text: '长' }) as const) } })
    expect(long.ended).toEqual([{ kind: 'not-started', why: 'paper-too-short' }])
    const short = await print()
    expect(short.sendings()).toBe(1)
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(short.ended).toEqual([{ kind: 'printed', proof: 'process-id' }])
  })

  it('answers that contradict each other are asked again before they are believed', async () => {
    const { clock, printer, print } = await started()
    printer.answers = [...CONTRADICTION]
    const { ended, sendings } = await print()
    expect(ended).toEqual([])
    printer.answers = [...NORMAL]
    await clock.advance(300)
    expect(sendings()).toBe(1)
    expect(ended).toEqual([])
  })

  it('what stays contradictory is believed at the third look', async () => {
    const { clock, printer, print } = await started()
    printer.answers = [...CONTRADICTION]
    const { ended } = await print()
    await clock.advance(499)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual([{ kind: 'not-started', why: 'fault' }])
  })

  it('the link ends before sending: not started', async () => {
    const { clock, printer, print } = await started()
    printer.answers = undefined
    const { ended } = await print()
    printer.isPulled()
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'not-started', why: 'link-lost' }])
  })

  it('the printer cannot be reached: not started', async () => {
    const { clock, printer, print, state } = await started()
    printer.isPulled()
    printer.openResult = { kind: 'refused', detail: 'ECONNREFUSED' }
    await clock.advance(0)
    expect(state()).toBe('offline')
    const { ended } = await print()
    expect(ended).toEqual([{ kind: 'not-started', why: 'link-lost' }])
  })

  it('a second receipt while one is on its way: busy', async () => {
    const { service, print } = await started()
    await print()
    expect(await service.print(JOB, () => undefined)).toEqual({ kind: 'not-started', why: 'busy' })
  })

  it('a character that nobody can draw: nothing is asked, nothing is sent, and the log does not tell the name', async () => {
    const { print, log } = await started()
    const { ended } = await print({ ...JOB, document: { number: 'A-1', blocks: [{ kind: 'text', text: '张😀' }] } })
    expect(ended).toEqual([{ kind: 'not-started', why: 'glyph-missing' }])
    expect(log.join()).not.toMatch(/张|😀|1f600/i)
  })
})

describe('after sending began', () => {
  it('a process id that is not ours proves nothing: unknown when the time is over', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.saysProcessId('1234')
    await clock.advance(3_900)
    expect(ended).toEqual([])
    await clock.advance(2_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
  })

  it('silence: unknown, after a time that follows from the receipt, not for ever', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = undefined
    await clock.advance(6_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
  })

  it('our process id, but a status after it that shows an error: unknown', async () => {
    const { clock, printer, print, state } = await started()
    const { ended } = await print()
    printer.answers = [...CUTTER]
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'unknown', why: 'cutter-fault' }])
    expect(state()).toBe('cutter-fault')
  })

  it('our process id, then silence: unknown', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = undefined
    printer.saysProcessId(OURS)
    await clock.advance(1_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'silent' }])
  })

  it('paper out, seen by asking: believed at the second look, buffers cleared, voided', async () => {
    const { clock, printer, print, state } = await started()
    const { ended } = await print()
    const before = printer.clearsAsked
    printer.answers = [...PAPER_OUT]
    await clock.advance(799)
    expect(printer.clearsAsked).toBe(before)
    await clock.advance(1)
    expect(printer.clearsAsked).toBe(before + 1)
    expect(ended).toEqual([{ kind: 'voided', why: 'no-paper' }])
    expect(state()).toBe('no-paper')
    printer.answers = [...NORMAL]
    await clock.advance(2_000)
    expect(state()).toBe('ready')
  })

  it('cover open, told by the printer itself between other answers', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = [...COVER_OPEN]
    printer.says(0x38, 0x00)
    printer.says(0x00, 0x0f)
    await clock.advance(300)
    expect(ended).toEqual([{ kind: 'voided', why: 'cover-open' }])
  })

  it('a stop that contradicts itself and is not there any more does not stop the receipt', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    // The cover is open, and the printer online.
    printer.says(0x30, 0x00, 0x00, 0x0f)
    await clock.advance(400)
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'printed', proof: 'process-id' }])
  })

  it.each([
    ['told by the printer itself', 300, ({ printer }: { printer: ScriptedPrinter }) => printer.says(0x18, 0x00, 0x0c, 0x0f)],
    ['seen by asking', 800, ({ printer }: { printer: ScriptedPrinter }) => {
      printer.answers = [...PAPER_OUT]
      printer.onQuestion = (n) => {
        if (n === 4) queueMicrotask(() => (printer.answers = [...NORMAL]))
      }
    }],
  ] as const)('paper that ends and is there again at the second look, %s: two parts are no receipt, so it is cleared and voided', async (_, afterMs, stop) => {
    const { clock, printer, print, state } = await started()
    const { ended } = await print()
    const before = printer.clearsAsked
    stop({ printer })
    await clock.advance(afterMs - 1)
    expect([printer.clearsAsked, ended]).toEqual([before, []])
    await clock.advance(1)
    expect(printer.clearsAsked).toBe(before + 1)
    expect(ended).toEqual([{ kind: 'voided', why: 'no-paper' }])
    await clock.advance(2_000)
    expect(state()).toBe('ready')
  })

  it('our process id soon after the paper was out for a moment: in how many parts it came only eyes can tell', async () => {
    const { clock, printer, print, state } = await started()
    const { ended } = await print()
    printer.says(0x18, 0x00, 0x0c, 0x0f)
    await clock.advance(100)
    printer.says(0x10, 0x00, 0x00, 0x0f)
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
    await clock.advance(2_000)
    expect(state()).toBe('ready')
  })

  it('a stop of one receipt is not remembered against the next', async () => {
    const { clock, printer, print } = await started()
    await print()
    printer.says(0x18, 0x00, 0x0c, 0x0f)
    await clock.advance(2_000)
    const { ended } = await print()
    await clock.advance(500)
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'printed', proof: 'process-id' }])
  })

  it.each([['before', 799], ['while', 1_000]] as const)('a model that clears without a word is not believed to have, when the paper came back %s it was told to', async (_, backAfterMs) => {
    const { clock, printer, print } = await started(profileNamed('snbc-bt-ur056'))
    printer.answers = [0x12, 0x12, 0x12, 0x1e]
    await clock.advance(2_000)
    const { ended } = await print()
    printer.answers = [0x1a, 0x32, 0x12, 0x12]
    await clock.advance(backAfterMs)
    printer.answers = [0x12, 0x12, 0x12, 0x1e]
    await clock.advance(2_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
  })

  it('a hot head is waited for', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = [...HOT]
    await clock.advance(2_000)
    expect(ended).toEqual([])
    printer.answers = [...NORMAL]
    printer.saysProcessId(OURS)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'printed', proof: 'process-id' }])
  })

  it('stopped, and the printer does not say that it cleared its buffers: unknown', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = [...PAPER_OUT]
    printer.clears = false
    await clock.advance(3_799)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
  })

  it('stopped, but our process id comes while the buffers are cleared: the receipt is out, so a person must look', async () => {
    const { clock, printer, print } = await started()
    const { ended } = await print()
    printer.answers = [...PAPER_OUT]
    printer.clears = false
    await clock.advance(900)
    printer.saysProcessId(OURS)
    printer.says(0x37, 0x25, 0x00)
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
  })

  it('a model that cannot clear its buffers is never voided: it would print the rest by itself', async () => {
    const { clock, printer, print } = await started({ ...profileNamed('escpos-80'), clear: { method: 'none' } })
    const { ended } = await print()
    printer.answers = [...PAPER_OUT]
    await clock.advance(800)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
    expect(printer.clearsAsked).toBe(0)
  })

  it.each(['while waiting', 'while clearing', 'while confirming'])('the link is lost %s: unknown', async (moment) => {
    const { clock, printer, print, state } = await started()
    const { ended } = await print()
    if (moment === 'while clearing') {
      printer.clears = false
      printer.answers = [...PAPER_OUT]
      await clock.advance(900)
    }
    if (moment === 'while confirming') {
      printer.answers = undefined
      printer.saysProcessId(OURS)
      await clock.advance(10)
    }
    printer.isPulled()
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'unknown', why: 'link-lost' }])
    expect(state()).toBe('offline')
  })

  it('a write that fails: unknown', async () => {
    const { printer, print } = await started()
    printer.writeError = { kind: 'disconnected', detail: 'EPIPE' }
    const { ended } = await print()
    expect(ended).toEqual([{ kind: 'unknown', why: 'link-lost' }])
  })

  it('after an unknown end the printer is cleared, so that nothing comes out for the next person', async () => {
    const { clock, printer, print } = await started()
    await print()
    const before = printer.clearsAsked
    await clock.advance(6_000)
    expect(printer.clearsAsked).toBe(before + 1)
  })
})

describe('a printer without process id', () => {
  it('is printed by the in-order answer, after the paper had its time, and says that the proof is the weaker one', async () => {
    const { clock, printer, print } = await started(profileNamed('escpos-80-basic'))
    const { ended } = await print()
    expect(printer.sentHex.endsWith('1d7201')).toBe(true)
    printer.saysProcessId(OURS)
    await clock.advance(100)
    printer.says(0x00)
    await clock.advance(1_500)
    expect(ended).toEqual([])
    await clock.advance(1_500)
    expect(ended).toEqual([{ kind: 'printed', proof: 'in-order-status' }])
  })

  it('an answer for an earlier receipt is no proof of this one', async () => {
    const { clock, printer, print } = await started(profileNamed('escpos-80-basic'))
    const first = await print()
    await clock.advance(15_000)
    expect(first.ended).toEqual([{ kind: 'unknown', why: 'silent' }])
    printer.answersInOrder = false
    const { ended, sendings } = await print()
    // What the printer still held comes out now, and is answered for; then it answers the question that came after.
    printer.says(0x00)
    await clock.advance(1_000)
    printer.says(0x00)
    await clock.advance(1_499)
    expect(sendings()).toBe(0)
    await clock.advance(1)
    expect([sendings(), ended]).toEqual([1, []])
  })

  it('a printer that never answers in order is not sent a receipt after an end that nobody saw', async () => {
    const { clock, printer, print } = await started(profileNamed('escpos-80-basic'))
    printer.answersInOrder = false
    const { ended, sendings } = await print()
    await clock.advance(8_000)
    expect([sendings(), ended]).toEqual([0, [{ kind: 'not-started', why: 'busy' }]])
  })

  it('paper out while the paper should be moving: unknown', async () => {
    const { clock, printer, print } = await started(profileNamed('escpos-80-basic'))
    const { ended } = await print()
    printer.says(0x00)
    printer.answers = [...PAPER_OUT]
    await clock.advance(3_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'no-paper' }])
  })
})

describe('while nobody prints', () => {
  it('follows the printer within two seconds, both ways', async () => {
    const { clock, printer, state } = await started({ ...profileNamed('escpos-80'), automaticStatus: false })
    for (const [answers, expected] of [[PAPER_OUT, 'no-paper'], [NORMAL, 'ready'], [COVER_OPEN, 'cover-open'], [NORMAL, 'ready'], [NEAR_END, 'paper-low']] as const) {
      printer.answers = [...answers]
      await clock.advance(2_000)
      expect(state()).toBe(expected)
    }
  })

  it('believes what the printer tells by itself at once', async () => {
    const { clock, printer, state } = await started()
    printer.says(0x18, 0x00, 0x0c, 0x0f)
    await clock.advance(0)
    expect(state()).toBe('no-paper')
  })

  it('one missed check is forgiven, two are offline, and it comes back by itself', async () => {
    const { clock, printer, state } = await started()
    printer.answers = undefined
    await clock.advance(1_500 + 1_000)
    expect(state()).toBe('ready')
    await clock.advance(1_500 + 1_000)
    expect(state()).toBe('offline')
    printer.answers = [...NORMAL]
    await clock.advance(5_000)
    expect(state()).toBe('ready')
  })

  it('clears what an earlier process may have left in the printer as soon as it is opened, once', async () => {
    const { clock, printer } = await started()
    expect(printer.clearsAsked).toBe(1)
    await clock.advance(20_000)
    expect(printer.clearsAsked).toBe(1)
  })

  it('a printer that does not answer the clearing is used all the same', async () => {
    const clock = new SimulatedClock()
    const printer = new ScriptedPrinter()
    printer.clears = false
    const service = receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: 'p' }, profileNamed('escpos-80'), { clock, open: printer.open, log: () => undefined, glyphs })
    service.start()
    await clock.advance(999)
    expect(service.status().state).toBe('starting')
    await clock.advance(1)
    expect(service.status().state).toBe('ready')
  })

  it('after silence it waits before it asks again, so that a late answer is not taken for the next one', async () => {
    const { clock, printer, print } = await started()
    printer.answers = undefined
    await print()
    await clock.advance(1_000)
    const silentSince = clock.now()
    let askedAt: number | undefined
    printer.onQuestion = () => (askedAt ??= clock.now())
    await print()
    await clock.advance(500)
    expect((askedAt ?? 0) - silentSince).toBe(250)
  })

  it('an opening that never ends is given up and tried again', async () => {
    const clock = new SimulatedClock()
    let tries = 0
    const service = receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: 'p' }, profileNamed('escpos-80'), {
      clock,
      open: () => {
        tries += 1
        return new Promise(() => undefined)
      },
      log: () => undefined,
      glyphs,
    })
    service.start()
    await clock.advance(4_000)
    expect(service.status().state).toBe('offline')
    await clock.advance(1_500)
    expect(tries).toBe(2)
  })

  it('closes the connection between checks when the model wants it so', async () => {
    const { clock, printer, state, print } = await started(profileNamed('escpos-80-basic'))
    expect(printer.closed).toBe(1)
    await clock.advance(1_500)
    expect([printer.opened, printer.closed, state()]).toEqual([2, 2, 'ready'])
    const { sendings } = await print()
    expect(sendings()).toBe(1)
  })

  it('stops without leaving a timer, and a receipt on its way is unknown', async () => {
    const { clock, service, print, printer } = await started()
    const { ended } = await print()
    await service.stop()
    await clock.advance(1_000)
    expect(ended).toEqual([{ kind: 'unknown', why: 'link-lost' }])
    expect(printer.closed).toBeGreaterThan(0)
    expect(clock.pending).toBe(0)
    expect(await service.print(JOB, () => undefined)).toEqual({ kind: 'not-started', why: 'link-lost' })
  })
})

describe('a profile that is not there', () => {
  it('makes a printer that says so and prints nothing', async () => {
    const service = createReceiptPrinter({ id: 'receipt', class: 'receipt-printer', address: { kind: 'tcp', host: 'x', port: 1 }, profile: '../../package' }, { clock: new SimulatedClock(), log: () => undefined })
    service.start()
    expect(service.status()).toMatchObject({ state: 'fault', code: 'no-such-profile' })
    expect(await service.print(JOB, () => undefined)).toEqual({ kind: 'not-started', why: 'fault' })
  })
})

describe('what a process before this one left hanging', () => {
  it('is cut off by the first receipt that is sent, not by one that was refused', async () => {
    const { printer, print } = await started()
    const cut = /1d564[12]/g
    printer.answers = PAPER_OUT
    const refused = await print({ ...JOB, cutFirst: true })
    expect(refused.ended).toEqual([{ kind: 'not-started', why: 'no-paper' }])
    printer.answers = NORMAL
    const sent = await print({ ...JOB, cutFirst: true })
    expect(sent.sendings()).toBe(1)
    expect(printer.sentHex.match(cut)).toHaveLength(2)
  })
})
