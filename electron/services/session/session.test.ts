import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { sandboxConfig } from '../../../core/config/sandbox-config.ts'
import type { Capabilities } from '../../../core/device/capabilities.ts'
import type { CardReading, CardReadError, PrintOutcome } from '../../../core/device/operations.ts'
import type { SubmissionOutcome } from '../../../core/case/draft.ts'
import type { CitizenId } from '../../../core/ids.ts'
import type { JourneyPorts } from '../../../core/journey/ports.ts'
import { smallPack } from '../../../core/journey/testing/small-pack.ts'
import type { Command } from '../../../core/kiosk-api/command.ts'
import type { Snapshot } from '../../../core/kiosk-api/snapshot.ts'
import type { MatterPack } from '../../../core/matter-pack/schema.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { text } from '../../../core/text/local-text.ts'
import type { SessionService } from './session.ts'
import { createSessionService, SORRY_LEAST_MS, SORRY_MS } from './session.ts'

const words = text('句子', 'sentence')
const problem = { sentence: words, staffSentence: words }
const photo = { bytes: Uint8Array.of(1, 2, 3) }
const chen = {
  kind: 'resident', name: '陈志远', sex: 'male', nationCode: '15', birth: '1990-11-05', address: '示范市示范区青年路26号', number: '990101199011050014' as CitizenId,
  issuer: '示范市公安局', validFrom: '2020-01-01', validTo: '2040-01-01',
} satisfies CardReading
const ink = { width: 800, height: 300, strokes: [[{ x: 1, y: 1, t: 0 }, { x: 300, y: 200, t: 400 }]] }
const PERSONAL = /陈志远|990101199011050014|青年路|1990-11-05|10000000001|幸福路/

/** A terminal of fakes. Operations stay open until a test answers them. */
function kiosk() {
  const clock = new SimulatedClock()
  const logged: [string, Readonly<Record<string, unknown>>][] = []
  const signals: { aborted: boolean }[] = []
  const world = {
    pack: smallPack as MatterPack | undefined,
    can: { identify: true, print: true, scan: true, network: 'online', submit: true, obstacles: {}, reasons: {} } as Capabilities,
    wipes: 0, free: 0, wipe: () => undefined as void,
    card: (_reading: Result<CardReading, CardReadError>) => undefined as void,
    submit: (_outcome: SubmissionOutcome) => undefined as void,
    print: (_outcome: PrintOutcome) => undefined as void,
  }
  const ports: JourneyPorts = {
    now: () => clock.now(),
    today: () => '2026-01-01',
    newId: () => '00000000-0000-4000-8000-000000000001',
    readCard: (_onProgress, signal) => new Promise((resolve) => {
      signals.push(signal)
      world.card = resolve
    }),
    fetchLicence: () => Promise.resolve(err(problem)),
    checkData: () => Promise.resolve(err(problem)),
    scanPage: () => Promise.resolve(err({ kind: 'jam' })),
    scanFeeder: () => Promise.resolve({ pages: [], error: { kind: 'jam' } }),
    takePhotograph: () => Promise.resolve(err({ kind: 'bad-image', code: 'jpeg' })),
    lookAtPage: () => Promise.resolve(err(problem)),
    bindPages: () => Promise.resolve(err(problem)),
    readPages: () => Promise.resolve({ fields: [], notices: [problem], paper: 'not-recognised' }),
    dropPage: () => undefined,
    preCheck: () => Promise.resolve(ok([])),
    submit: (_draft, _onStep, signal) => new Promise((resolve) => {
      signals.push(signal)
      world.submit = resolve
    }),
    print: () => new Promise((resolve) => (world.print = resolve)),
    evaluate: () => undefined,
  }
  const session: SessionService = createSessionService({
    clock, config: sandboxConfig({ dataFolder: '/nowhere', rootFile: '/nowhere/root.json' }), ports,
    activePack: () => world.pack, capabilities: () => world.can, reports: () => [],
    wipe: () => {
      world.wipes++
      world.wipe()
    },
    onFree: () => void world.free++,
    log: (event, fields) => void logged.push([event, fields]),
  })
  return {
    clock, session, world, ports, logged, signals,
    async send(...commands: readonly Command[]): Promise<('accepted' | 'refused')[]> {
      const answers: ('accepted' | 'refused')[] = []
      for (const command of commands) {
        answers.push(session.command(command))
        await clock.advance(0)
      }
      return answers
    },
    async lay(reading: Result<CardReading, CardReadError>): Promise<void> {
      world.card(reading)
      await clock.advance(0)
    },
    screen: () => session.snapshot().screen,
    ends: () => logged.filter(([event]) => event === 'session.ended').map(([, fields]) => fields['end']),
  }
}

const TO_IDENTIFY: readonly Command[] = [{ type: 'start' }, { type: 'choose-matter', matter: 'M05' }, { type: 'continue' }, { type: 'answer', question: 'basis', value: 'work' }, { type: 'continue' }]
const TO_SUBMIT: readonly Command[] = [
  { type: 'accept-consent' }, { type: 'save-form', data: { address: '幸福路8号', phone: '10000000001' }, next: true }, { type: 'continue' }, { type: 'continue' }, { type: 'sign', signature: ink },
]

describe('the session service', () => {
  let one: ReturnType<typeof kiosk>
  beforeEach(() => {
    one = kiosk()
  })

  it('keeps the pack of a session, whatever is put in force meanwhile', async () => {
    await one.send({ type: 'start' })
    one.world.pack = { ...smallPack, version: '2.0.0', matters: [] }
    one.session.worldChanged()
    expect(one.session.snapshot().terminal.packVersion).toBe('1.0.0')
    expect(one.session.packInForce()?.version).toBe('1.0.0')
    expect(await one.send({ type: 'choose-matter', matter: 'M05' })).toEqual(['accepted'])
    await one.send({ type: 'leave' })
    expect(one.session.snapshot()).toMatchObject({ terminal: { packVersion: '2.0.0' }, screen: { kind: 'idle', matters: [] } })
    expect(one.session.packInForce()?.version).toBe('2.0.0')
  })

  it('does not start without a pack, and says why', async () => {
    one.world.pack = undefined
    one.session.worldChanged()
    expect(one.screen().kind).toBe('out-of-service')
    expect(await one.send({ type: 'start' })).toEqual(['refused'])
  })

  it('refuses what the present screen does not know, at the idle screen and within', async () => {
    expect(await one.send({ type: 'back' }, { type: 'accept-consent' }, { type: 'leave' })).toEqual(['refused', 'refused', 'refused'])
    expect(await one.send({ type: 'start' }, { type: 'start' }, { type: 'sign', signature: ink }, { type: 'choose-matter', matter: 'nothing' }, { type: 'activity' })).toEqual(['accepted', 'refused', 'refused', 'refused', 'accepted'])
    expect(one.screen().kind).toBe('matters')
  })

  it('does not begin a matter that cannot be done now, even when an old screen still offered it', async () => {
    await one.send({ type: 'start' })
    one.world.can = { ...one.world.can, identify: false, obstacles: { identify: { kind: 'not-usable', device: 'id-card', state: 'offline' } }, reasons: { identify: { citizen: words, staff: words } } }
    expect(await one.send({ type: 'choose-matter', matter: 'M05' })).toEqual(['refused'])
    one.world.can = { ...one.world.can, identify: true, submit: false, obstacles: {}, reasons: { submit: { citizen: words, staff: words } } }
    one.session.worldChanged()
    expect(one.screen()).toMatchObject({ kind: 'matters', matters: [{ availability: { state: 'unavailable' } }, { availability: { state: 'unavailable' } }] })
    expect(await one.send({ type: 'choose-matter', matter: 'M05' })).toEqual(['refused'])
  })

  it('gives the next person the default language and size, after a session and after an idle minute', async () => {
    await one.send({ type: 'display', language: 'en', textSize: 'largest' })
    expect(one.session.snapshot().display).toMatchObject({ language: 'en', textSize: 'largest' })
    await one.clock.advance(60_000)
    expect(one.session.snapshot().display).toMatchObject({ language: 'zh-CN', textSize: 'standard' })
    await one.send({ type: 'display', language: 'en' }, { type: 'start' }, { type: 'display', theme: 'contrast-dark' })
    await one.clock.advance(59_000)
    expect(one.session.snapshot().display).toMatchObject({ language: 'en', theme: 'contrast-dark' })
    await one.send({ type: 'leave' })
    expect(one.session.snapshot().display).toEqual({ language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false })
    expect(one.clock.pending).toBe(0)
  })

  it('names nobody on a screen that does not need it', async () => {
    const seen = new Map<string, Snapshot>()
    one.session.onSnapshot((snapshot) => seen.set(snapshot.screen.kind, snapshot))
    await one.send(...TO_IDENTIFY)
    await one.lay(ok(chen))
    await one.send(...TO_SUBMIT)
    one.world.submit({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: one.clock.now(), tolerated: [], proof: undefined })
    await one.clock.advance(0)
    one.world.print({ kind: 'printed', proof: 'process-id' })
    await one.clock.advance(0)
    await one.send({ type: 'continue' }, { type: 'skip-evaluation' }, { type: 'continue' })
    expect([...seen.keys()]).toEqual(['matters', 'guide', 'question', 'checklist', 'identify', 'consent', 'form', 'materials', 'gaps', 'review', 'sign', 'submitting', 'outcome', 'evaluation', 'farewell', 'idle'])
    for (const [kind, snapshot] of seen) if (kind !== 'form' && kind !== 'review') expect(JSON.stringify(snapshot), kind).not.toMatch(PERSONAL)
    expect(JSON.stringify(seen.get('review'))).toMatch(PERSONAL)
    expect(JSON.stringify(one.logged)).not.toMatch(PERSONAL)
    expect(JSON.stringify(one.logged)).not.toContain('99010120250108000123H')
  })

  it.each<[string, (terminal: ReturnType<typeof kiosk>) => Promise<unknown>]>([
    ['left', (terminal) => terminal.send({ type: 'leave' })],
    ['left', (terminal) => { terminal.session.stop(); return Promise.resolve() }],
    ['timedOut', (terminal) => terminal.clock.advance(90_000)],
    ['pageLost', async (terminal) => {
      terminal.session.pageOpened()
      await terminal.clock.advance(60_000)
    }],
    ['broken', (terminal) => terminal.lay({ ok: true } as unknown as Result<CardReading, CardReadError>)],
  ])('ends as %s with one wipe, and nothing of the citizen comes after it', async (how, end) => {
    await one.send(...TO_IDENTIFY)
    await end(one)
    expect(one.ends()).toEqual([how])
    expect(one.logged.find(([event]) => event === 'session.ended')?.[1]).toMatchObject({ matter: 'M05' })
    expect([one.world.wipes, one.world.free]).toEqual([1, 1])
    expect(one.session.inSession()).toBe(false)
    if (how === 'broken') {
      expect(one.screen()).toMatchObject({ kind: 'sorry', left: { kind: 'nothing' } })
      await one.clock.advance(SORRY_MS)
    }
    expect(one.screen().kind).toBe('idle')
    // In the broken case the reading itself had ended before.
    if (how !== 'broken') expect(one.signals.at(-1)?.aborted).toBe(true)
    expect(one.clock.pending).toBe(0)
    await one.lay(ok(chen))
    await one.send({ type: 'start' })
    await one.lay(ok(chen))
    expect(one.screen().kind).toBe('matters')
    expect(one.session.snapshot().session?.identified).toBe(false)
  })

  it('hides everything from a page that opens in mid-session, and takes no command from it', async () => {
    await one.send(...TO_IDENTIFY)
    await one.lay(ok(chen))
    await one.send({ type: 'accept-consent' })
    one.session.pageOpened()
    expect(one.screen().kind).toBe('resume')
    expect(JSON.stringify(one.session.snapshot())).not.toMatch(PERSONAL)
    expect(await one.send({ type: 'save-form', data: {}, next: false }, { type: 'back' }, { type: 'activity' })).toEqual(['refused', 'refused', 'refused'])
    await one.lay(ok(chen))
    expect(one.screen().kind).toBe('form')
  })

  it('prints nothing and shows nothing of a citizen whose session ended while their application was being sent', async () => {
    await one.send(...TO_IDENTIFY)
    await one.lay(ok(chen))
    await one.send(...TO_SUBMIT)
    expect(await one.send({ type: 'leave' })).toEqual(['refused'])
    // The page is lost and nobody lays the card again: the minute ends the session although the backend has not answered.
    one.session.pageOpened()
    await one.clock.advance(60_000)
    expect(one.screen().kind).toBe('idle')
    await one.send({ type: 'start' })
    one.world.print = () => { throw new Error('printed for somebody who has left') }
    one.world.submit({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: 0, tolerated: [], proof: undefined })
    await one.clock.advance(0)
    expect(one.screen().kind).toBe('matters')
    expect(JSON.stringify(one.session.snapshot())).not.toContain('99010120250108000123H')
  })

  it('overwrites the photograph of the card', async () => {
    await one.send(...TO_IDENTIFY)
    await one.lay(ok({ ...chen, photo: photo as unknown as NonNullable<CardReading['photo']> }))
    await one.send({ type: 'leave' })
    expect([...photo.bytes]).toEqual([0, 0, 0])
  })

  it('ends as broken, with its wipe, when a part of the terminal throws', async () => {
    Object.assign(one.ports, { preCheck: () => Promise.reject(new RangeError('陈志远')) })
    await one.send(...TO_IDENTIFY)
    await one.lay(ok(chen))
    await one.send(...TO_SUBMIT)
    expect(one.ends()).toEqual(['broken'])
    expect(one.world.wipes).toBe(1)
    expect(one.screen()).toMatchObject({ kind: 'sorry', left: { kind: 'nothing' } })
    expect(one.logged).toContainEqual(['session.fault', { step: 'journey', code: 'RangeError' }])
    expect(JSON.stringify(one.logged)).not.toMatch(PERSONAL)
  })

  it('ends as broken when a screen cannot be made, rather than leaving the old one standing', async () => {
    await one.send(...TO_IDENTIFY)
    let broken = true
    const { can } = one.world
    Object.defineProperty(one.world, 'can', { get: () => {
      if (broken && one.session.inSession()) throw new Error('no capabilities')
      return can
    } })
    one.session.worldChanged()
    broken = false
    expect(one.ends()).toEqual(['broken'])
    expect(one.screen().kind).toBe('sorry')
  })

  describe('says so when it has broken off', () => {
    /** The next screen cannot be made. */
    const breakOff = (): void => {
      const { can } = one.world
      Object.defineProperty(one.world, 'can', { configurable: true, get: () => {
        if (one.session.inSession()) throw new RangeError('陈志远')
        return can
      } })
      one.session.worldChanged()
      expect(one.ends()).toEqual(['broken'])
    }
    const toSubmitting = async (): Promise<void> => {
      await one.send(...TO_IDENTIFY)
      await one.lay(ok(chen))
      await one.send(...TO_SUBMIT)
      expect(one.screen().kind).toBe('submitting')
    }

    it.each<[SubmissionOutcome, unknown]>([
      [{ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: 1_767_225_700_000, tolerated: [], proof: undefined }, { kind: 'received', number: '99010120250108000123H' }],
      [{ kind: 'kept', localNumber: 'K260101-AAAAAA', why: words }, { kind: 'kept', number: 'K260101-AAAAAA' }],
      [{ kind: 'refused', code: 'CASE-DUPLICATE', sentence: words, localNumber: 'K260101-AAAAAA' }, { kind: 'refused', number: 'K260101-AAAAAA' }],
      [{ kind: 'refused', code: 'not-stored', sentence: words, localNumber: undefined }, { kind: 'nothing' }],
    ])('what became of the application: $kind', async (outcome, left) => {
      await toSubmitting()
      one.world.submit(outcome)
      await one.clock.advance(0)
      breakOff()
      expect(one.screen()).toMatchObject({ kind: 'sorry', left })
      expect(one.session.snapshot().session).toBeUndefined()
      expect(JSON.stringify(one.session.snapshot())).not.toMatch(PERSONAL)
    })

    it('does not claim to know while it was on its way', async () => {
      await toSubmitting()
      breakOff()
      expect(one.screen()).toMatchObject({ left: { kind: 'on-its-way' } })
    })

    it('in the language and size of who stood there, also on a page that starts anew; the next one gets the usual', async () => {
      await one.send({ type: 'display', language: 'en', textSize: 'largest' }, ...TO_IDENTIFY)
      breakOff()
      one.session.pageOpened()
      expect(one.session.snapshot()).toMatchObject({ screen: { kind: 'sorry' }, display: { language: 'en', textSize: 'largest' } })
      expect(await one.send({ type: 'display', language: 'zh-CN' })).toEqual(['accepted'])
      expect(one.session.snapshot()).toMatchObject({ screen: { kind: 'sorry' }, display: { language: 'zh-CN', textSize: 'largest' } })
      await one.clock.advance(SORRY_MS)
      expect(one.session.snapshot()).toMatchObject({ screen: { kind: 'idle' }, display: { language: 'zh-CN', textSize: 'standard' } })
    })

    it('until it was read: a touch that was meant for the screen before neither ends it nor begins anything', async () => {
      await one.send(...TO_IDENTIFY)
      breakOff()
      expect(await one.send({ type: 'continue' }, { type: 'start' }, { type: 'leave' })).toEqual(['refused', 'refused', 'refused'])
      expect([one.session.inSession(), one.session.citizenThere()]).toEqual([false, true])
      await one.clock.advance(SORRY_LEAST_MS)
      expect(await one.send({ type: 'start' }, { type: 'activity' }, { type: 'continue' })).toEqual(['refused', 'accepted', 'accepted'])
      expect(one.screen().kind).toBe('idle')
      expect(one.session.citizenThere()).toBe(false)
      expect(one.clock.pending).toBe(0)
    })
  })

  it('goes on wiping, and is free again, when one step of the wipe fails', async () => {
    one.world.wipe = () => { throw new Error('no') }
    await one.send({ type: 'start' }, { type: 'leave' })
    expect(one.logged.map(([event]) => event)).toEqual(['session.started', 'session.wipe-failed', 'session.ended'])
    expect([one.screen().kind, one.world.free]).toEqual(['idle', 1])
  })
})
