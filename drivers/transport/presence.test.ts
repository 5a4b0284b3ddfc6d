import { expect, test } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import { watchPresence } from './presence.ts'

function watched(path = '/dev/serial/by-id/reader'): { clock: SimulatedClock; told: number[]; stop: () => void; node: { identity: string | undefined } } {
  const clock = new SimulatedClock()
  const node: { identity: string | undefined } = { identity: 'a' }
  const told: number[] = []
  const stop = watchPresence(path, clock, () => told.push(clock.now()), async () => node.identity ?? Promise.reject(new Error('ENOENT')))
  return { clock, told, stop, node }
}

test('a node that vanishes is told once, within a second', async () => {
  const { clock, told, node } = watched()
  await clock.advance(10_000)
  expect(told).toEqual([])
  node.identity = undefined
  await clock.advance(1000)
  expect(told).toHaveLength(1)
  expect(clock.pending).toBe(0)
})

test('another device behind the same path is not the one that was opened', async () => {
  const { clock, told, node } = watched()
  await clock.advance(500)
  node.identity = 'b'
  await clock.advance(1000)
  expect(told).toHaveLength(1)
})

test('stopped, it looks no more', async () => {
  const { clock, told, node, stop } = watched()
  await clock.advance(500)
  stop()
  node.identity = undefined
  await clock.advance(5000)
  expect(told).toEqual([])
  expect(clock.pending).toBe(0)
})

test('a name that is no file is not watched', async () => {
  const { clock, told, node } = watched('COM3')
  node.identity = undefined
  await clock.advance(5000)
  expect(told).toEqual([])
})
