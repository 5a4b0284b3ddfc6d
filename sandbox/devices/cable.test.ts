import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { Cable, cableCommandSchema } from './cable.ts'
import type { CableCommand } from './cable.ts'
import { seededRandom } from './seeded-random.ts'

interface Arrival {
  readonly at: number
  readonly bytes: readonly number[]
}

function setUp({ seed = 1, opens = () => true }: { seed?: number; opens?: () => boolean } = {}) {
  const clock = new SimulatedClock(0)
  const arrivals: Arrival[] = []
  const moves: string[] = []
  const cable = new Cable({
    clock,
    random: seededRandom(seed),
    door: {
      open: async () => {
        if (!opens()) throw new Error('no such path')
        moves.push('open')
      },
      close: async () => void moves.push('close'),
      write: (bytes) => void arrivals.push({ at: clock.now(), bytes: [...bytes] }),
      rename: (path) => void moves.push(`rename ${path}`),
    },
    onUnplug: () => void moves.push('unplug'),
  })
  const all = (): number[] => arrivals.flatMap((arrival) => arrival.bytes)
  return { clock, cable, arrivals, moves, all, fault: (faults: Omit<CableCommand, 'kind'>) => cable.command({ kind: 'cable', ...faults }) }
}

const FRAME = Uint8Array.of(1, 2, 3, 4, 5)

describe('without faults', () => {
  test('bytes pass at once, in the same call, and leave no timer', async () => {
    const { cable, arrivals, clock } = setUp()
    await cable.plug()
    cable.outward(FRAME)
    cable.outward(Uint8Array.of(6))
    expect(arrivals).toEqual([{ at: 0, bytes: [1, 2, 3, 4, 5] }, { at: 0, bytes: [6] }])
    expect(clock.pending).toBe(0)
  })

  test('nothing passes while the plug is out', () => {
    const { cable, all } = setUp()
    cable.outward(FRAME)
    expect(cable.inward(FRAME)).toHaveLength(0)
    expect(all()).toEqual([])
  })
})

describe('each fault', () => {
  test('split: pieces with a gap, and pieces without one in turns of their own', async () => {
    const { cable, arrivals, clock, fault } = setUp()
    await cable.plug()
    await fault({ split: { pieceBytes: 2, gapMs: 3 } })
    cable.outward(FRAME)
    await clock.advance(100)
    expect(arrivals).toEqual([{ at: 0, bytes: [1, 2] }, { at: 3, bytes: [3, 4] }, { at: 6, bytes: [5] }])
    arrivals.length = 0
    await fault({ split: { pieceBytes: 3 } })
    cable.outward(FRAME)
    expect(arrivals).toHaveLength(1)
    await clock.advance(0)
    expect(arrivals.map((arrival) => arrival.bytes)).toEqual([[1, 2, 3], [4, 5]])
  })

  test('merge: what is said within the time arrives as one', async () => {
    const { cable, arrivals, clock, fault } = setUp()
    await cable.plug()
    await fault({ mergeMs: 20 })
    cable.outward(Uint8Array.of(1))
    await clock.advance(15)
    cable.outward(Uint8Array.of(2))
    await clock.advance(100)
    expect(arrivals).toEqual([{ at: 20, bytes: [1, 2] }])
  })

  test('delay and one late answer; what follows keeps its place', async () => {
    const { cable, arrivals, clock, fault } = setUp()
    await cable.plug()
    await fault({ delayMs: 10, lateMs: 1000 })
    cable.outward(Uint8Array.of(1))
    await clock.advance(500)
    cable.outward(Uint8Array.of(2))
    await clock.advance(2000)
    cable.outward(Uint8Array.of(3))
    await clock.advance(2000)
    expect(arrivals).toEqual([{ at: 1010, bytes: [1] }, { at: 1010, bytes: [2] }, { at: 2510, bytes: [3] }])
    expect(cable.state().lateMs).toBe(0)
  })

  test('drop: the next ones, and every nth', async () => {
    const { cable, all, fault } = setUp()
    await cable.plug()
    await fault({ dropNext: 2 })
    for (const byte of [1, 2, 3]) cable.outward(Uint8Array.of(byte))
    await fault({ dropEvery: 3 })
    for (const byte of [4, 5, 6, 7, 8, 9]) cable.outward(Uint8Array.of(byte))
    expect(all()).toEqual([3, 4, 5, 7, 8])
  })

  test('corrupt: every one of the next bytes differs, across chunks, and no more', async () => {
    const { cable, all, fault } = setUp()
    await cable.plug()
    await fault({ corruptNext: 7 })
    cable.outward(FRAME)
    cable.outward(FRAME)
    const expected = [...FRAME, ...FRAME]
    expect(all().map((byte, index) => byte !== expected[index])).toEqual([true, true, true, true, true, true, true, false, false, false])
  })

  test('corrupt one in n: about so many, and the same ones for the same seed', async () => {
    const wrong = async (): Promise<number[]> => {
      const { cable, all, fault } = setUp({ seed: 7 })
      await cable.plug()
      await fault({ corruptOneIn: 100 })
      for (let i = 0; i < 100; i++) cable.outward(new Uint8Array(100))
      return all().flatMap((byte, index) => (byte === 0 ? [] : [index]))
    }
    const first = await wrong()
    expect(first.length).toBeGreaterThan(50)
    expect(first.length).toBeLessThan(200)
    expect(await wrong()).toEqual(first)
  })

  test('silence, noise', async () => {
    const { cable, arrivals, all, fault } = setUp()
    await cable.plug()
    await fault({ silent: true })
    cable.outward(Uint8Array.of(2))
    await fault({ silent: false })
    cable.outward(Uint8Array.of(3))
    expect(all()).toEqual([3])
    await fault({ clear: true, noise: true })
    arrivals.length = 0
    cable.outward(FRAME)
    expect(Buffer.from(all()).includes(Buffer.from(FRAME))).toBe(true)
    expect(all().length).toBeGreaterThanOrEqual(FRAME.length + 2)
  })

  test('repeat: the next chunk arrives twice, before what follows', async () => {
    const { cable, all, clock, fault } = setUp()
    await cable.plug()
    await fault({ repeatNext: 1 })
    cable.outward(Uint8Array.of(1, 2))
    cable.outward(Uint8Array.of(3))
    await clock.advance(0)
    expect(all()).toEqual([1, 2, 1, 2, 3])
  })

  test('pace: 1,295 bytes at 115200 baud take 112 ms and come a few at a time', async () => {
    const { cable, arrivals, clock, fault } = setUp()
    await cable.plug()
    await fault({ bytesPerSecond: 11_520 })
    cable.outward(new Uint8Array(1295))
    await clock.advance(1000)
    expect(arrivals.at(-1)?.at).toBeCloseTo((1295 / 11_520) * 1000, 3)
    expect(Math.max(...arrivals.map((arrival) => arrival.bytes.length))).toBe(57)
    // The line is free again: the next byte does not wait for what has gone.
    cable.outward(Uint8Array.of(9))
    await clock.advance(1)
    expect(arrivals.at(-1)?.bytes).toEqual([9])
  })

  test('flood: stray bytes by themselves, until it is switched off', async () => {
    const { cable, all, clock, fault } = setUp()
    await cable.plug()
    await fault({ flood: 10_000 })
    await clock.advance(1000)
    expect(all()).toHaveLength(10_000)
    await fault({ flood: 0 })
    await clock.advance(1000)
    expect(all()).toHaveLength(10_000)
    expect(clock.pending).toBe(0)
  })
})

describe('the plug', () => {
  test('comes out in the middle of a frame, and what was on its way is lost', async () => {
    const { cable, all, moves, clock, fault } = setUp()
    await cable.plug()
    await fault({ unplugAfterBytes: 7, split: { pieceBytes: 1, gapMs: 1 } })
    cable.outward(FRAME)
    cable.outward(FRAME)
    await clock.advance(100)
    expect(all()).toEqual([1, 2, 3, 4, 5, 1, 2])
    expect(moves).toEqual(['open', 'unplug', 'close'])
    expect(cable.state()).toMatchObject({ plugged: false, unplugAfterBytes: null })
    expect(clock.pending).toBe(0)
  })

  test('comes out after so many bytes that the device was told', async () => {
    const { cable, moves, clock, fault } = setUp()
    await cable.plug()
    await fault({ unplugAfterBytes: 7, unplugCounts: 'in' })
    cable.outward(new Uint8Array(100))
    expect(cable.inward(FRAME)).toEqual(FRAME)
    expect([...cable.inward(FRAME)]).toEqual([1, 2])
    expect(cable.inward(FRAME)).toHaveLength(0)
    await clock.advance(0)
    expect(moves).toEqual(['open', 'unplug', 'close'])
  })

  test('goes in again by itself, also at the second try of a person after a failed one', async () => {
    let there = true
    const { cable, moves, clock, fault } = setUp({ opens: () => there })
    await cable.plug()
    await fault({ replugAfterMs: 500, plugged: false })
    expect(cable.plugged).toBe(false)
    await clock.advance(500)
    expect(moves).toEqual(['open', 'unplug', 'close', 'open'])
    there = false
    await fault({ plugged: false })
    await clock.advance(500)
    expect(cable.plugged).toBe(false)
    there = true
    await fault({ plugged: true })
    expect(cable.plugged).toBe(true)
  })

  test('the device comes back under another path', async () => {
    const { cable, moves, fault } = setUp()
    await cable.plug()
    await fault({ path: '/tmp/ttyUSB1' })
    expect(moves).toEqual(['open', 'unplug', 'close', 'rename /tmp/ttyUSB1', 'open'])
    expect(cable.plugged).toBe(true)
  })

  test('out wins over in when it comes later, and nothing is left after the end', async () => {
    const { cable, moves, clock, fault } = setUp()
    await fault({ flood: 100, replugAfterMs: 10 })
    void cable.plug()
    await cable.stop()
    expect(moves.at(-1)).toBe('close')
    expect(cable.plugged).toBe(false)
    await clock.advance(1000)
    expect(moves.at(-1)).toBe('close')
    expect(clock.pending).toBe(0)
  })
})

test('delay, splitting, merging and pace never lose, change or reorder a byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }),
      fc.record({
        split: fc.option(fc.record({ pieceBytes: fc.integer({ min: 1, max: 9 }), gapMs: fc.integer({ min: 0, max: 5 }) })),
        mergeMs: fc.integer({ min: 0, max: 20 }),
        delayMs: fc.integer({ min: 0, max: 20 }),
        lateMs: fc.integer({ min: 0, max: 50 }),
        bytesPerSecond: fc.constantFrom(0, 960, 11_520),
      }),
      fc.integer({ min: 0, max: 7 }),
      async (chunks, faults, between) => {
        const { cable, all, clock, fault } = setUp()
        await cable.plug()
        await fault(faults)
        for (const chunk of chunks) {
          cable.outward(chunk)
          await clock.advance(between)
        }
        await clock.advance(5_000)
        expect(all()).toEqual(chunks.flatMap((chunk) => [...chunk]))
        expect(clock.pending).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('a command names only what changes and refuses what it does not know', () => {
  expect(cableCommandSchema.parse({ kind: 'cable', split: {} })).toEqual({ kind: 'cable', split: { pieceBytes: 1, gapMs: 0 } })
  expect(cableCommandSchema.safeParse({ kind: 'cable', delayMs: -1 }).success).toBe(false)
  expect(cableCommandSchema.safeParse({ kind: 'cable', delay: 1 }).success).toBe(false)
})
