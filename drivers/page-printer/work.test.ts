import { describe, expect, it } from 'vitest'
import { err, ok } from '../../core/result/result.ts'
import type { IppClient, IppFailure } from './client.ts'
import type { PrinterJob } from './job.ts'
import type { PrinterSight } from './sight.ts'
import { workThroughCups } from './work.ts'

const well: PrinterSight = { obstacles: [], state: 'idle', paperLow: false, tonerLow: false, queued: 0, sides: ['one-sided'], makeAndModel: 'M', impressions: undefined }
const job = (phase: PrinterJob['phase'], impressions: number | undefined): PrinterJob => ({ id: 3, name: 'N-1', phase, impressions, obstacles: [] })
const REF = { id: 3, name: 'N-1' }
const signal = new AbortController().signal

interface Told {
  readonly sight?: Partial<PrinterSight>
  readonly deviceUri?: string
  readonly job?: PrinterJob
  readonly failure?: IppFailure
}

function client({ sight, deviceUri, job: told, failure }: Told): IppClient {
  const answer = <T>(value: T) => Promise.resolve(failure === undefined ? ok(value) : err(failure))
  return {
    look: () => answer({ sight: { ...well, ...sight }, deviceUri }),
    print: () => answer(told ?? job('waiting', undefined)),
    job: () => (told === undefined ? Promise.resolve(err({ kind: 'refused', status: 0x0406 })) : answer(told)),
    find: () => answer(told),
    cancel: () => answer(undefined),
  }
}

const IPP = 'ipp://printer/ipp/print?waitjob=false'
function through(queue: Told, printer: Told) {
  const asked: string[] = []
  const work = workThroughCups(client({ deviceUri: IPP, ...queue }), (address) => (asked.push(address), client(printer)), false)
  return { work, asked }
}

describe('through CUPS', () => {
  it('the count is the printer\u2019s own, never that of CUPS', async () => {
    const { work, asked } = through({ job: job('completed', 2) }, { job: job('completed', 1) })
    expect(await work.follow(REF, signal)).toMatchObject({ ok: true, value: { phase: 'completed', impressions: 1 } })
    expect(asked).toEqual(['ipp://printer/ipp/print'])
  })

  it('"canceled with two pages" of CUPS, when the printer gave the job up, has the printer\u2019s count', async () => {
    const { work } = through({ job: job('ended', 2) }, { job: job('ended', 0) })
    expect(await work.follow(REF, signal)).toMatchObject({ ok: true, value: { phase: 'ended', impressions: 0 } })
  })

  it('while CUPS still works on it nothing is over: it might be sent to the printer again', async () => {
    const { work } = through({ job: job('printing', 2) }, { job: job('completed', 2) })
    expect(await work.follow(REF, signal)).toMatchObject({ ok: true, value: { phase: 'printing' } })
  })

  it('when CUPS has done with it, the printer may still be at work', async () => {
    const { work } = through({ job: job('completed', 2) }, { job: job('printing', 1) })
    expect(await work.follow(REF, signal)).toMatchObject({ ok: true, value: { phase: 'printing', impressions: 1 } })
  })

  it.each(['usb://HP/LaserJet', 'socket://10.0.0.9', 'dnssd://Printer._ipp._tcp.local', undefined])('a printer at %s cannot be asked: no count, so nothing is called printed', async (deviceUri) => {
    const work = workThroughCups(client({ ...(deviceUri !== undefined && { deviceUri }), job: job('completed', 2) }), () => { throw new Error('not to be asked') }, false)
    expect(await work.follow(REF, signal)).toMatchObject({ ok: true, value: { phase: 'completed', impressions: undefined } })
  })

  it('a printer that knows nothing of the job leaves it without a count', async () => {
    const { work } = through({ job: job('ended', 2) }, {})
    const told = await work.follow(REF, signal)
    expect(told).toMatchObject({ ok: true, value: { phase: 'ended' } })
    expect(told.ok && told.value.impressions).toBeUndefined()
  })

  it('paper and covers are the printer\u2019s to tell, CUPS\u2019 description of them is not believed', async () => {
    const { work } = through({ sight: { obstacles: ['no-paper'] } }, { sight: { obstacles: ['cover-open'] } })
    expect(await work.look(signal)).toMatchObject({ ok: true, value: { obstacles: ['cover-open'] } })
  })

  it('a queue that staff stopped is told', async () => {
    const { work } = through({ sight: { obstacles: ['paused'], state: 'stopped' } }, {})
    expect(await work.look(signal)).toMatchObject({ ok: true, value: { obstacles: ['paused'] } })
  })

  it('a printer that is gone behind a queue that is well is gone', async () => {
    const { work } = through({}, { failure: { kind: 'unreachable', code: 'ECONNREFUSED' } })
    expect(await work.look(signal)).toEqual(err({ why: 'link-lost', code: 'ECONNREFUSED' }))
  })
})
