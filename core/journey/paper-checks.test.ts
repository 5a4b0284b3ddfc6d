import { createActor } from 'xstate'
import { allPagesGood } from './testing/looked-page.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ApplicationDraft } from '../case/draft.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import type { CardReading } from '../device/operations.ts'
import type { CitizenId } from '../ids.ts'
import type { Gap, ReadField, ScreenView } from '../kiosk-api/snapshot.ts'
import { ok } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import { createJourney } from './chart.ts'
import type { JourneyEvent } from './events.ts'
import { fieldSources } from './paper-checks.ts'
import type { JourneyPorts, Problem } from './ports.ts'
import { judgingPack } from './testing/small-pack.ts'
import { positionOf, screenOf } from './view.ts'

const words = text('句子', 'sentence')
const chen: CardReading = {
  kind: 'resident', name: '陈志远', sex: 'male', nationCode: '01', birth: '1990-11-05', address: '示范市示范区1号', number: '990101199011050014' as CitizenId,
  issuer: '示范市公安局', validFrom: '2020-01-01', validTo: '2040-01-01',
}
const ink = { width: 800, height: 300, strokes: [[{ x: 1, y: 1, t: 0 }, { x: 300, y: 200, t: 400 }]] }
const address = (value: string, state: ReadField['state'] = 'sure'): ReadField => ({ id: 'address', label: words, value, state, why: undefined, keyboard: 'pinyin' })
const unexpected = (): never => {
  throw new Error('not part of this story')
}

/** A citizen at the list of materials, with 柳林路18号 in the form. */
async function atMaterials() {
  const clock = new SimulatedClock()
  const submitted: ApplicationDraft[] = []
  const dropped: string[] = []
  const world = { read: [address('柳林路18号')] as readonly ReadField[], serverGaps: [] as readonly Gap[], other: undefined as Problem | undefined }
  let pages = 0
  const ports: JourneyPorts = {
    now: () => clock.now(), today: () => '2026-01-01', newId: () => 'draft-1', readCard: () => Promise.resolve(ok(chen)),
    fetchLicence: () => Promise.resolve(ok({ way: 'licence', licenceType: 'L1', reference: 'r', name: words, detail: words })), checkData: () => Promise.resolve(ok({ way: 'data-check', check: 'house', reference: 'r', detail: words })),
    scanPage: () => Promise.resolve(ok(`page-${++pages}`)), scanFeeder: unexpected, takePhotograph: unexpected,
    lookAtPage: allPagesGood, bindPages: unexpected,
    readPages: () => Promise.resolve(world.other === undefined ? { fields: world.read, notices: [], paper: 'wanted' } : { fields: [], notices: [world.other], paper: 'not-recognised' }), dropPage: (page) => void dropped.push(page),
    preCheck: () => Promise.resolve(ok(world.serverGaps)),
    submit: (draft) => {
      submitted.push(draft)
      return Promise.resolve({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: 1, tolerated: [], proof: undefined })
    },
    print: () => Promise.resolve({ kind: 'printed', proof: 'process-id' }), evaluate: () => undefined,
  }
  const actor = createActor(createJourney(ports), {
    clock,
    input: {
      pack: judgingPack, terminal: { id: 'T-1', name: words, hall: words, demonstration: true, phone: '12345' },
      display: { language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false }, today: '2026-01-01', startedAt: clock.now(),
    },
  }).start()
  const kiosk = {
    world, submitted, dropped,
    async send(...events: readonly JourneyEvent[]): Promise<void> {
      for (const event of events) {
        actor.send(event)
        await clock.advance(0)
      }
    },
    screen(): ScreenView | undefined {
      const { value, context } = actor.getSnapshot()
      const position = positionOf(value)
      return position && screenOf(context, position, { canPrint: true, canScan: true, scanSources: ['platen'], online: true, matters: [], availability: () => ({ state: 'available' }) })
    },
    gaps(): readonly string[] {
      const screen = this.screen()
      return screen?.kind === 'gaps' ? screen.gaps.map(({ id }) => id) : [`no gaps but ${screen?.kind}`]
    },
    async scanLease(fields: Readonly<Record<string, string>> = {}): Promise<void> {
      await this.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'lease' } }, { type: 'scan-page', source: 'platen' }, { type: 'keep-page' }, { type: 'confirm-fields', fields }, { type: 'continue' })
    },
  }
  await kiosk.send(
    { type: 'choose-matter', matter: 'M05' }, { type: 'continue' }, { type: 'answer', question: 'basis', value: 'home' }, { type: 'answer', question: 'half', value: 'yes' }, { type: 'continue' },
    { type: 'accept-consent' }, { type: 'save-form', data: { address: '柳林路18号', phone: '10000000001' }, next: true },
  )
  return kiosk
}

describe('checks of scanned papers', () => {
  let kiosk: Awaited<ReturnType<typeof atMaterials>>
  beforeEach(async () => {
    kiosk = await atMaterials()
  })

  it('find nothing where the paper agrees; what nobody could read is said calmly in the review and goes to a clerk', async () => {
    await kiosk.scanLease()
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{ material: { en: 'lease' }, question: { en: 'the tenant?' } }] })
    await kiosk.send({ type: 'continue' }, { type: 'sign', signature: ink })
    expect(kiosk.submitted[0]?.reviewPoints).toEqual([{ material: 'lease', check: 'tenant', finding: 'undecided', question: text('the tenant?', 'the tenant?') }])
    expect(kiosk.submitted[0]?.materials[1]?.given).toMatchObject({ fields: { address: '柳林路18号' }, sources: { address: 'read-sure' } })
  })

  it('are told with all other gaps, and lead to the paper, where the value is corrected', async () => {
    kiosk.world.read = [address('梅林路18号')]
    kiosk.world.serverGaps = [{ id: 'server-0', about: 'server', sentence: words, remedy: words, target: { kind: 'none' } }]
    await kiosk.scanLease()
    expect(kiosk.gaps()).toEqual(['check-lease-address', 'server-0'])
    expect(kiosk.screen()).toMatchObject({ gaps: [{ about: 'material', sentence: { en: 'the lease says 梅林路18号' }, remedy: { en: 'correct it' }, target: { kind: 'paper', material: 'lease' } }, {}] })
    await kiosk.send({ type: 'go-to-gap', gap: 'check-lease-address' })
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', stage: { kind: 'confirm', pages: ['page-1'], notices: [{ sentence: { en: 'the lease says 梅林路18号' } }], fields: [{ id: 'address', value: '梅林路18号' }] } })
    kiosk.world.serverGaps = []
    await kiosk.send({ type: 'confirm-fields', fields: { address: '柳林路18号' } }, { type: 'continue' })
    // What was typed proves nothing about the paper: a person looks, and nobody is refused.
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{ question: { en: 'same address?' } }, { question: { en: 'the tenant?' } }] })
    expect(kiosk.dropped).toEqual([])
    await kiosk.send({ type: 'continue' }, { type: 'sign', signature: ink })
    expect(kiosk.submitted[0]?.materials[1]?.given).toMatchObject({ pages: ['page-1'], fields: { address: '柳林路18号' }, sources: { address: 'typed' } })
    expect(JSON.stringify(kiosk.submitted)).not.toContain('梅林路')
  })

  it('are cleared by another paper, or by the form', async () => {
    kiosk.world.read = [address('梅林路18号')]
    await kiosk.scanLease()
    await kiosk.send({ type: 'go-to-gap', gap: 'check-lease-address' }, { type: 'scan-again' })
    expect(kiosk.dropped, 'the first paper is given until another takes its place').toEqual([])
    kiosk.world.read = [address('柳林路18号')]
    await kiosk.send({ type: 'scan-page', source: 'platen' }, { type: 'keep-page' }, { type: 'confirm-fields', fields: {} }, { type: 'continue' })
    expect(kiosk.dropped).toEqual(['page-1'])
    expect(kiosk.screen()?.kind).toBe('review')
    await kiosk.send({ type: 'change-line', target: { kind: 'field', pointer: '/address' } }, { type: 'save-form', data: { address: '松江路2号', phone: '10000000001' }, next: true }, { type: 'continue' })
    expect(kiosk.gaps()).toEqual(['check-lease-address'])
  })

  it('keep the paper when the citizen looks at it again and goes back', async () => {
    kiosk.world.read = [address('梅林路18号')]
    await kiosk.scanLease()
    await kiosk.send({ type: 'go-to-gap', gap: 'check-lease-address' })
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', lostByBack: 0, stage: { kind: 'confirm', pages: ['page-1'] } })
    await kiosk.send({ type: 'back' })
    expect(kiosk.screen()).toMatchObject({ kind: 'materials', items: [{}, { status: { state: 'given', way: 'scan' } }] })
    expect(kiosk.dropped).toEqual([])
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'commitment', commitment: 'promise' } }, { type: 'accept-commitment' }, { type: 'continue' })
    expect(kiosk.dropped).toEqual(['page-1'])
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{ question: { en: 'the tenant?' } }] })
  })

  it.each([['weakly', [address('梅林路18号', 'unsure')]], ['not', [address('', 'missing')]]] as const)('never refuse a paper that was read %s', async (_how, read) => {
    kiosk.world.read = read
    await kiosk.scanLease()
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{}, {}] })
  })

  it('are left to a clerk where the machine takes it for another paper and the citizen uses it all the same', async () => {
    kiosk.world.other = { sentence: words, staffSentence: words }
    await kiosk.scanLease()
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{}, {}, { question: { en: 'It was not recognised as the paper that is asked for: is it that paper?' } }] })
    await kiosk.send({ type: 'back' }, { type: 'clear-material', material: 'lease' })
    kiosk.world.other = undefined
    await kiosk.scanLease()
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [{ question: { en: 'the tenant?' } }] })
  })

  it('take no weakly read value that the citizen was not asked about', async () => {
    kiosk.world.read = [address('梅林路18号', 'unsure')]
    await kiosk.scanLease()
    await kiosk.send({ type: 'continue' }, { type: 'sign', signature: ink })
    expect(kiosk.submitted[0]?.materials[1]?.given).toMatchObject({ fields: {} })
  })

  it('ask nobody about what a register has answered or what comes later', async () => {
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'data-check', check: 'house' } }, { type: 'continue' })
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [] })
    await kiosk.send({ type: 'back' }, { type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' })
    expect(kiosk.screen()).toMatchObject({ kind: 'review', forClerk: [] })
  })
})

it('a value keeps the source that it had; one that changed was typed; an empty one has none', () => {
  const fields = [address('a'), { ...address('b', 'unsure'), id: 'tenant' }, { ...address('c'), id: 'rent' }, { ...address('', 'missing'), id: 'phone' }]
  expect(fieldSources(fields, { address: 'a', tenant: 'b', rent: 'd' }, {})).toEqual({ address: 'read-sure', tenant: 'read-unsure-confirmed', rent: 'typed' })
  expect(fieldSources(fields, { address: 'a', tenant: 'b', rent: 'c' }, { address: 'typed' })).toEqual({ address: 'typed', tenant: 'read-unsure-confirmed', rent: 'read-sure' })
})
