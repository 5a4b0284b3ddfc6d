import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReportEnvelope } from '../../transport/report-envelope.ts'
import { FrameDecoder } from '../frame.ts'
import { reply } from '../testing/replies.ts'
import { dekeEnvelope } from './deke.ts'
import { miaxisEnvelope } from './miaxis.ts'
import { rawEnvelope } from './raw.ts'

/** How each kind of reader packs what it says, written from the protocol and not with the code under test. */
const PACKED: Readonly<Record<string, (frame: Uint8Array) => Uint8Array[]>> = {
  raw: (frame) => cut(frame, 64).map((piece) => full(piece)),
  deke: (frame) => cut(frame, 63).map((piece) => full(Uint8Array.of(piece.length, ...piece))),
  miaxis: (frame) =>
    cut(frame, 54).map((piece, index) => {
      const counted = [3 + piece.length, 0, 0, index, 0, ...piece]
      const sum = counted.reduce((total, byte) => total + byte, 0) & 0xffff
      return full(Uint8Array.of(0xaa, 0, 0, ...counted, sum & 0xff, sum >> 8))
    }),
}
const ENVELOPES: Readonly<Record<string, () => ReportEnvelope>> = { raw: () => rawEnvelope(64), deke: () => dekeEnvelope(64), miaxis: () => miaxisEnvelope(64) }

function cut(bytes: Uint8Array, pieceBytes: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) => bytes.slice(index * pieceBytes, (index + 1) * pieceBytes))
}

function full(piece: Uint8Array): Uint8Array {
  const report = new Uint8Array(64)
  report.set(piece)
  return report
}

function heard(envelope: ReportEnvelope, decoder: FrameDecoder, reports: readonly Uint8Array[]): Uint8Array[] {
  return reports.flatMap((report) => {
    const unwrapped = envelope.unwrap(report)
    return unwrapped.kind === 'bytes' ? decoder.push(unwrapped.bytes).map(({ data }) => data) : []
  })
}

describe.each(Object.entries(ENVELOPES))('envelope %s', (name, create) => {
  test('arbitrary reports never throw, and a good reply after them is found', () => {
    const noise = fc.array(fc.uint8Array({ minLength: 0, maxLength: 64 }).map((bytes) => full(bytes)), { maxLength: 20 })
    fc.assert(
      fc.property(noise, fc.uint8Array({ maxLength: 400 }), (reports, data) => {
        const [envelope, decoder] = [create(), new FrameDecoder()]
        heard(envelope, decoder, reports)
        // What the host does before each request.
        envelope.reset()
        decoder.reset()
        expect(heard(envelope, decoder, PACKED[name]?.(reply(0x90, data)) ?? [])).toEqual([data])
      }),
    )
  })

  test('reports shorter than they should be never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (report) => {
        expect(['bytes', 'ack', 'error']).toContain(create().unwrap(report).kind)
      }),
    )
  })

  test('what is wrapped is always full reports', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 11 }), (request) => {
        for (const report of create().wrap(request)) expect(report).toHaveLength(64)
      }),
    )
  })
})
