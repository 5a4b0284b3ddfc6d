import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import type { Heartbeat } from '../../../core/one-window/types.ts'
import { err, ok } from '../../../core/result/result.ts'
import { text } from '../../../core/text/local-text.ts'
import { BEAT_OFFLINE_MS, BEAT_ONLINE_MS, createConnection } from './connection.ts'

const unreachable: OneWindowError = { kind: 'unreachable', code: 'ECONNREFUSED' }
const unknownTerminal: OneWindowError = { kind: 'unauthorised', status: 401, code: 'terminal-unknown', sentence: text('未登记', 'unknown') }

function world() {
  const clock = new SimulatedClock()
  const answers: (OneWindowError | undefined)[] = []
  const changes: string[] = []
  let beats = 0
  let renewals = 0
  let standing = Promise.resolve(ok({ expiresAt: 0 }))
  const connection = createConnection({
    clock,
    client: { sendHeartbeat: async () => {
      beats++
      const error = answers.shift()
      return error === undefined ? ok({ time: '2026-01-01T00:00:00Z', catalogueVersion: '1', nextSeconds: 30 }) : err(error)
    } },
    registration: { ensure: () => standing, renew: () => {
      renewals++
      return standing
    } },
    heartbeat: () => ({}) as Heartbeat,
    onChange: (state, code) => void changes.push(code === undefined ? state : `${state}:${code}`),
  })
  return { clock, answers, changes, connection, standing: (next: typeof standing) => void (standing = next), beats: () => beats, renewals: () => renewals }
}

describe('the connection to the backend', () => {
  it('is offline until the backend itself has answered', async () => {
    const { clock, connection, changes } = world()
    expect(connection.state()).toBe('offline')
    connection.start()
    await clock.advance(0)
    expect(changes).toEqual(['online'])
  })

  it('beats slowly while all is well, and quickly while it is not', async () => {
    const { clock, connection, answers, changes, beats } = world()
    connection.start()
    await clock.advance(BEAT_ONLINE_MS - 1)
    expect(beats()).toBe(1)
    answers.push(unreachable, unreachable)
    await clock.advance(1)
    expect(changes).toEqual(['online', 'offline:unreachable'])
    await clock.advance(BEAT_OFFLINE_MS * 2)
    expect(changes).toEqual(['online', 'offline:unreachable', 'online'])
    connection.stop()
    expect(clock.pending).toBe(0)
  })

  it('enrols again when the backend does not know it, and is online in the same breath', async () => {
    const { clock, connection, answers, changes, renewals } = world()
    answers.push(unknownTerminal)
    connection.start()
    await clock.advance(0)
    expect(renewals()).toBe(1)
    expect(changes).toEqual(['online'])
  })

  it('asks at once when another service has a doubt', async () => {
    const { clock, connection, answers, changes } = world()
    connection.start()
    await clock.advance(0)
    answers.push(unreachable)
    connection.doubt()
    await clock.advance(0)
    expect(changes).toEqual(['online', 'offline:unreachable'])
  })

  it('goes on beating when this machine itself is at fault', async () => {
    const { clock, connection, changes, standing, beats } = world()
    standing(Promise.reject(new Error('ENOSPC')))
    connection.start()
    await clock.advance(0)
    expect([connection.state(), beats()]).toEqual(['offline', 0])
    standing(Promise.resolve(ok({ expiresAt: 0 })))
    await clock.advance(BEAT_OFFLINE_MS)
    expect(changes).toEqual(['online'])
    connection.stop()
    expect(clock.pending).toBe(0)
  })
})
