import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { Log } from '../../core/log/events.ts'
import { createPulse } from './pulse.ts'
import { createRecovery, MEMORY_MS, PAUSE_MS } from './recovery.ts'
import { DoubleContents } from './testing/electron-double.ts'
import type { ShellContents } from './electron-api.ts'

function ladder() {
  const clock = new SimulatedClock()
  const did: string[] = []
  const logged: string[] = []
  const log: Log = (event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`)
  const step = (name: string) => () => void did.push(name)
  const recovery = createRecovery(clock, log, { reload: step('reload'), renewWindow: step('new-window'), restart: step('restart'), restartWithoutGraphics: step('restart-without-graphics') })
  return { clock, did, logged, recovery }
}

describe('the recovery ladder', () => {
  it('loads the page again, a moment after the failure and once', async () => {
    const { clock, did, logged, recovery } = ladder()
    recovery.screenFailed()
    expect(did).toEqual([])
    await clock.advance(PAUSE_MS)
    expect(did).toEqual(['reload'])
    expect(logged).toEqual(['screen.restarted {"how":"reload","times":1}'])
    await clock.advance(MEMORY_MS)
    expect(did).toEqual(['reload'])
  })

  it('opens a new window at the second failure within ten minutes', async () => {
    const { clock, did, logged, recovery } = ladder()
    recovery.screenFailed()
    await clock.advance(MEMORY_MS - 1)
    recovery.screenFailed()
    await clock.advance(PAUSE_MS)
    expect(did).toEqual(['reload', 'new-window'])
    expect(logged.at(-1)).toBe('screen.restarted {"how":"new-window","times":2}')
  })

  it('forgets a failure after ten minutes', async () => {
    const { clock, did, recovery } = ladder()
    recovery.screenFailed()
    await clock.advance(MEMORY_MS)
    recovery.screenFailed()
    await clock.advance(PAUSE_MS)
    expect(did).toEqual(['reload', 'reload'])
  })

  it('restarts the program when new windows do not help either, and then makes no more steps', async () => {
    const { clock, did, recovery } = ladder()
    for (let failure = 1; failure <= 7; failure++) {
      recovery.screenFailed()
      await clock.advance(PAUSE_MS)
    }
    expect(did).toEqual(['reload', 'new-window', 'new-window', 'new-window', 'restart'])
  })

  it('makes one step for two failures that come at once', async () => {
    const { clock, did, recovery } = ladder()
    recovery.screenFailed()
    recovery.screenFailed()
    await clock.advance(PAUSE_MS)
    expect(did).toEqual(['new-window'])
  })

  it('counts the graphics process, and restarts without it after two losses in ten minutes', async () => {
    const { clock, did, recovery } = ladder()
    recovery.graphicsFailed()
    await clock.advance(MEMORY_MS)
    recovery.graphicsFailed()
    await clock.advance(PAUSE_MS)
    expect(did).toEqual([])
    recovery.graphicsFailed()
    await clock.advance(PAUSE_MS)
    expect(did).toEqual(['restart-without-graphics'])
  })

  it('does nothing once the program is ending', async () => {
    const { clock, did, recovery } = ladder()
    recovery.screenFailed()
    recovery.stop()
    recovery.screenFailed()
    recovery.graphicsFailed()
    recovery.graphicsFailed()
    await clock.advance(MEMORY_MS)
    expect(did).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('the pulse of the page', () => {
  function pulse() {
    const clock = new SimulatedClock()
    const contents = new DoubleContents()
    let silences = 0
    const made = createPulse(clock, () => contents as unknown as ShellContents, () => void (silences += 1))
    return { clock, contents, pulse: made, silences: () => silences }
  }

  it('gives a page up that was well and has been silent for fifteen seconds, not sooner', async () => {
    const { clock, contents, pulse: made, silences } = pulse()
    await clock.advance(5_000)
    made.answered()
    await clock.advance(14_999)
    expect([contents.sent.length > 0, silences()]).toEqual([true, 0])
    await clock.advance(1)
    expect(silences()).toBe(1)
  })

  it('leaves a page alone that answers', async () => {
    const { clock, contents, pulse: made, silences } = pulse()
    const send = contents.send.bind(contents)
    contents.send = (channel) => {
      send(channel)
      made.answered()
    }
    await clock.advance(3_600_000)
    expect([contents.sent.length, silences()]).toEqual([721, 0])
  })

  it('gives a page that loads twice the time, and again after it was given up', async () => {
    const { clock, pulse: made, silences } = pulse()
    made.loading()
    await clock.advance(29_999)
    expect(silences()).toBe(0)
    await clock.advance(1)
    expect(silences()).toBe(1)
    await clock.advance(29_999)
    expect(silences()).toBe(1)
    await clock.advance(1)
    expect(silences()).toBe(2)
  })

  it('leaves no timer behind', () => {
    const { clock, pulse: made } = pulse()
    made.stop()
    expect(clock.pending).toBe(0)
  })
})
