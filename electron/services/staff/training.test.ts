import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { PageImage } from '../../../core/device/operations.ts'
import type { DocumentKind } from '../../../core/document/document-kind.ts'
import { documentKindSchema } from '../../../core/document/document-kind.ts'
import type { PageLook } from '../../../core/document/page-look.ts'
import type { DocumentReadError, DocumentReading } from '../../../core/document/reading.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { ANY_PAPER } from '../../../core/staff/training.ts'
import type { DocumentReader } from '../documents.ts'
import type { Training } from './training.ts'
import { createTraining } from './training.ts'

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2)
const kind = (id: string, zh: string, en: string): DocumentKind => documentKindSchema.parse({ id, name: { 'zh-CN': zh, en }, fields: [{ id: 'name', name: { 'zh-CN': '姓名', en: 'Name' }, labels: ['姓名'], rule: 'name' }, { id: 'rent', name: { 'zh-CN': '租金', en: 'Rent' }, labels: ['租金'], rule: 'amount' }] })
const LEASE = kind('lease', '租赁合同', 'Lease')
const MARRIAGE = kind('marriage', '结婚证', 'Marriage certificate')
const GOOD: PageLook = { place: { kind: 'whole-picture' }, problems: [] }
const READING: DocumentReading = { kind: 'lease', fields: [{ field: 'name', value: '周桂兰', state: 'unsure', why: 'low-confidence', confidence: 0.7 }] }
const BEGIN = { name: 'paper.jpg', paper: 'lease', source: 'camera' } as const

describe('trying a paper', () => {
  let folder: string
  let clock: SimulatedClock
  let training: Training
  let logged: string[]
  /** Every picture that the document reader was given or gave. */
  let pictures: Uint8Array[]
  let recycled: number
  let look: PageLook
  let straight: boolean
  let read: Result<DocumentReading, DocumentReadError> | Promise<Result<DocumentReading, DocumentReadError>> | 'waits'
  let asked: { kinds: readonly string[]; dpi: number; paper: string }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kiosk-training-'))
    writeFileSync(join(folder, 'paper.jpg'), JPEG)
    clock = new SimulatedClock()
    logged = []
    pictures = []
    recycled = 0
    look = GOOD
    straight = true
    read = ok(READING)
    const documents: Pick<DocumentReader, 'check' | 'look' | 'read' | 'recycle'> = {
      check: (picture) => {
        pictures.push(picture.bytes)
        return Promise.resolve(ok({ widthPx: 2480, heightPx: 3508 }))
      },
      look: async (page, wish, onProgress) => {
        asked = { kinds: [], dpi: wish.dpi, paper: wish.paper }
        onProgress({ stage: 'finding', share: 0.5 })
        await clock.advance(300)
        const picture: PageImage = { ...page, bytes: JPEG.slice() }
        if (straight) pictures.push(picture.bytes)
        return ok({ look, ...(straight && { picture }), widthPx: page.widthPx, heightPx: page.heightPx })
      },
      read: async (_page, kinds, onProgress, signal) => {
        asked = { ...asked, kinds }
        onProgress({ stage: 'recognising', share: 0.5 })
        await clock.advance(700)
        return read === 'waits' ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(err({ kind: 'cancelled' })))) : read
      },
      recycle: () => {
        recycled += 1
        return Promise.resolve()
      },
    }
    training = createTraining({ clock, log: (event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`), folder, documents, kinds: [LEASE, MARRIAGE], onChange: () => undefined })
    await training.list()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const ended = () => {
    const { run } = training.view()
    if (run?.state !== 'ended') throw new Error(`not ended but ${run?.state}`)
    return run
  }
  const everythingWiped = (): boolean => pictures.every((bytes) => bytes.every((byte) => byte === 0))
  const midRead = () => vi.waitFor(() => expect(training.view().run).toMatchObject({ state: 'running', percent: 70 }), { timeout: 10_000, interval: 1 })

  it('shows every field of the kind with its state, why, and the time of each part', async () => {
    expect(await training.start(BEGIN)).toBe('read')
    expect(ended()).toMatchObject({
      end: 'read', file: 'paper.jpg', paper: LEASE.name, tookMs: 1000, lookMs: 300, readMs: 700,
      fields: [{ id: 'name', value: '周桂兰', state: 'unsure', why: { en: expect.stringContaining('not read clearly') as string } }, { id: 'rent', value: '', state: 'missing', why: undefined }],
    })
  })

  it('keeps no picture once it ended, replaces the worker, and logs neither name nor content', async () => {
    await training.start(BEGIN)
    expect(pictures).toHaveLength(2)
    expect(everythingWiped()).toBe(true)
    expect(recycled).toBe(1)
    expect(logged).toEqual(['training.ended {"code":"read","paper":"lease","fields":2,"sure":0,"tookMs":1000}'])
    training.forget()
    expect(JSON.stringify(training.view())).not.toContain('周桂兰')
  })

  it('names a wrong paper as for citizens', async () => {
    read = err({ kind: 'other-document', found: 'marriage' })
    expect(await training.start(BEGIN)).toBe('other-document')
    expect(ended()).toMatchObject({ end: 'stopped', paper: MARRIAGE.name, citizenSentence: { 'zh-CN': expect.stringContaining('这是结婚证，这里需要的是租赁合同') as string } })
  })

  it('reads as any paper that is known', async () => {
    await training.start({ ...BEGIN, paper: ANY_PAPER })
    expect(asked).toMatchObject({ kinds: ['lease', 'marriage'], paper: 'free', dpi: 300 })
    expect(ended().paper).toEqual(LEASE.name)
    read = err({ kind: 'other-document' })
    await training.start({ ...BEGIN, paper: ANY_PAPER })
    expect(ended()).toMatchObject({ end: 'stopped', citizenSentence: undefined, staffSentence: { en: 'This is none of the papers that this terminal knows.' } })
  })

  it('tells what is wrong with the picture, and reads nothing where no paper was found', async () => {
    look = { place: { kind: 'whole-picture' }, problems: ['glare', 'too-small'] }
    await training.start(BEGIN)
    expect(ended().findings.map(({ problem, weight }) => [problem, weight])).toEqual([['glare', 'hard'], ['too-small', 'soft']])
    expect(ended().end).toBe('read')
    look = { place: { kind: 'unsure', guess: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }], confidence: 0 }, problems: ['no-page'] }
    straight = false
    expect(await training.start(BEGIN)).toBe('no-page')
    expect(ended()).toMatchObject({ end: 'stopped', fields: [], readMs: undefined })
    expect(everythingWiped()).toBe(true)
  })

  it('cancels in the middle of reading and leaves nothing', async () => {
    read = 'waits'
    const end = training.start(BEGIN)
    await midRead()
    expect(training.runs()).toBe(true)
    training.forget()
    expect(training.view().run).toBeUndefined()
    expect(await end).toBe('cancelled')
    expect(training.view().run).toBeUndefined()
    expect(everythingWiped()).toBe(true)
    expect(recycled).toBe(1)
  })

  it('shows nothing of a reading that arrives after it was given up', async () => {
    let arrive: (result: Result<DocumentReading, DocumentReadError>) => void = () => undefined
    read = new Promise((resolve) => (arrive = resolve))
    const end = training.start(BEGIN)
    await midRead()
    training.forget()
    arrive(ok(READING))
    expect(await end).toBe('cancelled')
    expect(training.view().run).toBeUndefined()
    expect(everythingWiped()).toBe(true)
  })

  it('can be given up before the file is open: the worker never sees it', async () => {
    const end = training.start(BEGIN)
    training.forget()
    expect(await end).toBe('cancelled')
    expect([pictures.length, recycled]).toEqual([0, 0])
  })

  it('says why a file is not taken, and leaves the worker alone', async () => {
    rmSync(join(folder, 'paper.jpg'))
    expect(await training.start(BEGIN)).toBe('file-gone')
    expect(ended()).toMatchObject({ end: 'failed', staffSentence: { en: expect.stringContaining('gone') as string } })
    expect([pictures.length, recycled]).toEqual([0, 0])
  })

  it('knows only names of its list and papers of the terminal', () => {
    expect(training.knows({ name: 'paper.jpg', paper: 'lease' })).toBe(true)
    expect(training.knows({ name: 'paper.jpg', paper: ANY_PAPER })).toBe(true)
    expect(training.knows({ name: 'other.jpg', paper: 'lease' })).toBe(false)
    expect(training.knows({ name: 'paper.jpg', paper: 'passport' })).toBe(false)
  })

  it.each([['camera', 'lease', 200], ['glass', 'lease', 300], ['glass', ANY_PAPER, 300]] as const)('a picture of the %s read as %s is asked for at %i dpi', async (source, paper, dpi) => {
    await training.start({ ...BEGIN, source, paper })
    expect(asked.dpi).toBe(dpi)
  })
})
