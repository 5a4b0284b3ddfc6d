import { createHash } from 'node:crypto'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import type { ApplicationDraft, GivenMaterial } from '../../core/case/draft.ts'
import { smallPack } from '../../core/journey/testing/small-pack.ts'
import type { PageImage } from '../../core/device/operations.ts'
import type { CitizenId } from '../../core/ids.ts'
import { text } from '../../core/text/local-text.ts'
import type { ApplicationContext } from '../../electron/services/application/application.ts'
import { gapsOf, preCheckOf, submissionOf } from '../../electron/services/application/application.ts'
import { signaturePng } from '../../electron/services/application/signature-picture.ts'
import { loadContract } from '../../sandbox/backend/contract.ts'

const NOW = Date.UTC(2026, 0, 1, 1, 2, 3, 4)
const words = text('句子', 'sentence')
const page: PageImage = { mime: 'image/jpeg', bytes: Uint8Array.of(1, 2, 3), widthPx: 1, heightPx: 1, dpi: 200 }
const context: ApplicationContext = { pack: smallPack, page: (id) => (id === 'page-1' ? page : undefined), terminalId: 'DEMO-990101-0001', software: '0.1.0', cardReader: 'card-reader' }
const signature = { width: 900, height: 300, strokes: [[{ x: 10, y: 10, t: 0 }, { x: 600, y: 250, t: 300 }], [{ x: 300, y: 20, t: 500 }]] }

function draft(given: GivenMaterial | undefined, changes: Partial<ApplicationDraft> = {}): ApplicationDraft {
  return {
    id: '00000000-0000-4000-8000-000000000001', matter: 'M05', matterVersion: '1.0.0', packVersion: '1.0.0', language: 'zh-CN',
    applicant: {
      kind: 'resident', name: '陈志远', sex: 'male', nationCode: '15', birth: '1990-11-05', address: '示范市示范区青年路26号', number: '990101199011050014' as CitizenId,
      issuer: '示范市公安局示范分局', validFrom: '2016-09-20', validTo: '2036-09-20',
    },
    answers: { basis: 'home', half: 'yes' }, form: { name: '陈志远', address: '幸福路8号', phone: '10000000001' }, sources: { '/name': 'id-card' },
    materials: [{ material: 'id-card', given: { way: 'card' } }, { material: 'lease', given }], reviewPoints: [],
    consentAt: NOW - 60_000, startedAt: NOW - 120_000, signature, signedAt: NOW, ...changes,
  }
}

function faultOf(id: 'submitCase' | 'preCheck', body: unknown): string | undefined {
  const operation = loadContract().find((candidate) => candidate.id === id)
  if (operation === undefined) throw new Error(`no operation ${id}`)
  // As it goes over the wire.
  return operation.bodyFault(JSON.parse(JSON.stringify(body)))
}

const WAYS: Readonly<Record<GivenMaterial['way'], { readonly given: GivenMaterial; readonly told: object }>> = {
  card: { given: { way: 'card' }, told: { how: 'card' } },
  generated: { given: { way: 'generated' }, told: { how: 'generated' } },
  licence: { given: { way: 'licence', licenceType: 'L1', reference: '00000000-0000-4000-8000-00000000000a', name: words, detail: words }, told: { how: 'licence', licenceRef: '00000000-0000-4000-8000-00000000000a', uploads: [] } },
  'data-check': { given: { way: 'data-check', check: 'house', reference: '00000000-0000-4000-8000-00000000000b', detail: words }, told: { how: 'data-check', checkRef: '00000000-0000-4000-8000-00000000000b' } },
  commitment: { given: { way: 'commitment', commitment: 'promise', at: NOW - 1_000 }, told: { how: 'commitment' } },
  scan: { given: { way: 'scan', document: 'lease', pages: ['page-1'], fields: { address: '幸福路8号' }, sources: { address: 'typed' } }, told: { how: 'scan', fields: { address: '幸福路8号' }, fieldSources: { address: 'typed' }, uploads: [{ bytes: 3, mime: 'image/jpeg' }] } },
  later: { given: { way: 'later' }, told: { how: 'later', tolerance: { days: 5, unit: 'working-day' } } },
}

describe('an application in the contract’s words', () => {
  it.each(Object.entries(WAYS))('is what the contract asks for when a material is given by %s', (_way, { given, told }) => {
    const { submission, attachments } = submissionOf(draft(given), context, NOW)
    expect(submission.materials[1]).toMatchObject({ id: 'lease', ...told })
    expect(faultOf('submitCase', { ...submission, localNumber: 'T1-20260101-0001' })).toBeUndefined()
    expect(faultOf('preCheck', preCheckOf(draft(given), context))).toBeUndefined()
    for (const { manifest, bytes } of attachments) expect(manifest.file).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    expect(attachments.map(({ manifest }) => manifest.purpose)).toEqual(given.way === 'scan' ? ['material', 'signature'] : ['signature'])
  })

  it('leaves a material that was not given out of the pre-check, so that the backend tells it as a gap', () => {
    expect(preCheckOf(draft(undefined), context).materials?.map(({ id }) => id)).toEqual(['id-card'])
  })

  it('carries what a clerk must look at, and nothing of the paper with it', () => {
    const asked = draft(WAYS.scan.given, { reviewPoints: [{ material: 'lease', check: 'tenant-name', finding: 'undecided', question: words }] })
    const { submission } = submissionOf(asked, context, NOW)
    expect(submission.reviewPoints).toEqual([{ materialId: 'lease', code: 'tenant-name', finding: 'undecided', question: words }])
    expect(faultOf('submitCase', { ...submission, localNumber: 'T1-20260101-0001' })).toBeUndefined()
    expect(faultOf('preCheck', preCheckOf(asked, context))).toBeUndefined()
    expect(faultOf('submitCase', { ...submission, localNumber: 'T1-20260101-0001', reviewPoints: [{ materialId: 'lease', code: 'tenant-name', finding: 'refused', question: words }] })).toContain('reviewPoints')
  })

  it('writes every time as ISO 8601 in UTC', () => {
    const { submission } = submissionOf(draft(WAYS.commitment.given), context, NOW)
    expect(submission).toMatchObject({
      confirmedAt: '2026-01-01T01:02:03.004Z', evidence: { how: 'card-read', readAt: '2026-01-01T01:01:03.004Z' }, consents: [{ agreedAt: '2026-01-01T01:01:03.004Z' }],
      signature: { signedAt: '2026-01-01T01:02:03.004Z' }, commitments: [{ id: 'promise', materialId: 'lease', agreedAt: '2026-01-01T01:02:02.004Z' }],
    })
  })

  it('names a foreigner who has no Chinese name by the English one', () => {
    const { submission } = submissionOf(draft(WAYS.later.given, { applicant: { ...draft(undefined).applicant, kind: 'foreigner-2023', name: '', englishName: 'SAMPLE, ANNA', nationality: 'XXA', address: '' } }), context, NOW)
    expect(submission.applicant).toMatchObject({ name: 'SAMPLE, ANNA', nationality: 'XXA' })
    expect(faultOf('submitCase', { ...submission, localNumber: 'T1-20260101-0001' })).toBeUndefined()
  })

  it('is not made without a page that the citizen has scanned', () => {
    expect(() => submissionOf(draft({ way: 'scan', document: 'lease', pages: ['gone'], fields: {}, sources: {} }), context, NOW)).toThrow('a scanned page is gone')
  })

  it('keeps its files when the session’s pictures are wiped', () => {
    const picture: PageImage = { ...page, bytes: Uint8Array.of(7, 7) }
    const { attachments } = submissionOf(draft(WAYS.scan.given), { ...context, page: () => picture }, NOW)
    picture.bytes.fill(0)
    expect([...(attachments[0]?.bytes ?? [])]).toEqual([7, 7])
  })

  it('leads from the backend’s findings to the places of this terminal', () => {
    const gap = { code: 'x', severity: 'blocking', sentence: words, remedy: words } as const
    type BackendGaps = Parameters<typeof gapsOf>[0]
    const gaps = [{ ...gap, target: { kind: 'field', id: 'phone' } }, { ...gap, target: { kind: 'material', id: 'lease' } }, { ...gap, target: { kind: 'matter' } }] as unknown as BackendGaps
    expect(gapsOf(gaps).map(({ id, target }) => ({ id, target }))).toEqual([
      { id: 'server-0', target: { kind: 'field', pointer: '/phone' } }, { id: 'server-1', target: { kind: 'material', material: 'lease' } }, { id: 'server-2', target: { kind: 'none' } },
    ])
  })
})

describe('the picture of a signature', () => {
  it('is a grey picture with black ink where the pen was and white elsewhere', () => {
    const { width, height, data, channels, depth } = decode(signaturePng(signature))
    expect({ width, height, channels, depth }).toEqual({ width: 600, height: 200, channels: 1, depth: 8 })
    const at = (x: number, y: number): number => data[Math.round(y) * width + Math.round(x)] ?? -1
    expect(at(10 * 600 / 900, 10 * 600 / 900)).toBe(0)
    expect(at(305 * 600 / 900, 130 * 600 / 900)).toBeLessThan(60)
    // A stroke of one point is a dot.
    expect(at(200, 20 * 600 / 900)).toBe(0)
    expect(at(20, 190)).toBe(255)
    expect(data.filter((grey) => grey < 128).length).toBeLessThan(width * height * 0.05)
  })
})
