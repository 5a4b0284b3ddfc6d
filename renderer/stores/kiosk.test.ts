import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command } from '../../core/kiosk-api/command.ts'
import type { ScreenView, SessionView, Snapshot } from '../../core/kiosk-api/snapshot.ts'
import { text } from '../../core/text/local-text.ts'
import type { KioskApi } from '../api.ts'
import { ACTIVITY_INTERVAL_MS, useKiosk } from './kiosk.ts'
import { onWipe } from './wipe.ts'

const session: SessionView = { warnAt: 61_000, endAt: 91_000, warning: false, identified: true, matter: undefined, steps: [] }

const staffScreen: ScreenView = { kind: 'staff', staff: { stage: 'sign-in', checking: false, problem: undefined, lockedUntil: undefined, endsAt: 61_000 } }

function snapshot(revision: number, during: SessionView | undefined, screen: ScreenView = { kind: 'idle', abilities: [], matters: [] }): Snapshot {
  return {
    revision,
    now: 1_000,
    terminal: { id: 'DEMO-0001', name: text('演示终端', 'Demo terminal'), hall: text('演示大厅', 'Demo hall'), demonstration: true, languages: ['zh-CN', 'en'], hours: '24h', contact: { phone: '0990-0000000', note: text('工作时间', 'Office hours') }, screen: { widthPx: 1080, heightPx: 1920, widthMm: 336, heightMm: 597 }, network: 'online', devices: [], packVersion: undefined, keyboardScanner: false },
    display: { language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false },
    session: during,
    screen,
  }
}

/** The citizen looks at these pages. */
function lookingAt(...pages: readonly [string, ...string[]]): ScreenView {
  const words = text('材料', 'paper')
  return { kind: 'scan', material: words, document: words, requirement: words, sources: [], lostByBack: pages.length, stage: { kind: 'look', page: pages[0], pages, problem: undefined, staffProblem: undefined, findings: [], use: 'yes', adjustable: [], canAdd: true } }
}

/** A kiosk whose stream the test feeds by hand. */
function handFedKiosk() {
  const waiting: ((result: IteratorResult<Snapshot>) => void)[] = []
  const commands: Command[] = []
  const pageCalls: string[] = []
  const api: KioskApi = {
    snapshots: async () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => waiting.push(resolve)) }) }),
    command: async (command) => {
      commands.push(command)
      return 'accepted'
    },
    photograph: async () => 'refused',
    page: async (page) => {
      pageCalls.push(page)
      return `data:image/jpeg;base64,${page}`
    },
  }
  async function feed(result: IteratorResult<Snapshot>): Promise<void> {
    await vi.waitFor(() => expect(waiting.length).toBe(1), { timeout: 15_000 })
    waiting.shift()?.(result)
    await Promise.resolve()
    await Promise.resolve()
  }
  return { api, commands, pageCalls, snapshot: (value: Snapshot) => feed({ done: false, value }), end: () => feed({ done: true, value: undefined }) }
}

describe('the mirror of the kiosk', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('shows the newest snapshot and becomes live with the first', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    void kiosk.follow(far.api)
    expect(kiosk.connection).toBe('connecting')
    await far.snapshot(snapshot(1, undefined))
    expect(kiosk.connection).toBe('live')
    await far.snapshot(snapshot(2, session))
    expect(kiosk.snapshot?.revision).toBe(2)
  })

  it('wipes the page when the session ends, and not between two screens of a session', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const wiped = vi.fn()
    const takeBack = onWipe(wiped)
    void kiosk.follow(far.api)
    await far.snapshot(snapshot(1, session, lookingAt('first')))
    await kiosk.page('first')
    await kiosk.page('first')
    await far.snapshot(snapshot(2, session, lookingAt('first')))
    expect(wiped).not.toHaveBeenCalled()
    expect(far.pageCalls).toEqual(['first'])
    await far.snapshot(snapshot(3, undefined))
    expect(wiped).toHaveBeenCalledOnce()
    await kiosk.page('first')
    expect(far.pageCalls).toEqual(['first', 'first'])
    takeBack()
  })

  it('lets go of a picture as soon as the kiosk shows it no more: dropped, taken anew, or kept', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    void kiosk.follow(far.api)
    await far.snapshot(snapshot(1, session, lookingAt('first', 'second')))
    await Promise.all(['first', 'second'].map((page) => kiosk.page(page)))
    // The first was taken out: only the second is still here without asking again.
    await far.snapshot(snapshot(2, session, lookingAt('second')))
    await Promise.all(['first', 'second'].map((page) => kiosk.page(page)))
    expect(far.pageCalls).toEqual(['first', 'second', 'first'])
    await far.snapshot(snapshot(3, session))
    await Promise.all(['first', 'second'].map((page) => kiosk.page(page)))
    expect(far.pageCalls).toEqual(['first', 'second', 'first', 'first', 'second'])
  })

  it('starts anew after a session with a person, and shows nothing until then', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const startAnew = vi.fn()
    const followed = kiosk.follow(far.api, startAnew)
    await far.snapshot(snapshot(1, session))
    expect(startAnew).not.toHaveBeenCalled()
    await far.snapshot(snapshot(2, undefined))
    await followed
    expect(startAnew).toHaveBeenCalledOnce()
    expect(kiosk.snapshot).toBeUndefined()
    expect(kiosk.connection).toBe('connecting')
  })

  it('goes on with the same page after a session in which nobody was identified', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const startAnew = vi.fn()
    void kiosk.follow(far.api, startAnew)
    await far.snapshot(snapshot(1, { ...session, identified: false }))
    await far.snapshot(snapshot(2, undefined))
    expect(startAnew).not.toHaveBeenCalled()
    expect(kiosk.connection).toBe('live')
  })

  it('wipes the page and starts anew when staff leave, and not while they only go from page to page', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const wiped = vi.fn()
    const takeBack = onWipe(wiped)
    const startAnew = vi.fn()
    const followed = kiosk.follow(far.api, startAnew)
    await far.snapshot(snapshot(1, undefined, staffScreen))
    await far.snapshot(snapshot(2, undefined, staffScreen))
    expect(wiped).not.toHaveBeenCalled()
    await far.snapshot(snapshot(3, undefined))
    await followed
    expect(wiped).toHaveBeenCalledOnce()
    expect(startAnew).toHaveBeenCalledOnce()
    takeBack()
  })

  it('wipes the page and starts anew when what was told of a session that broke off goes, for a number may have stood there', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const startAnew = vi.fn()
    const followed = kiosk.follow(far.api, startAnew)
    const sorry: ScreenView = { kind: 'sorry', left: { kind: 'kept', number: 'DEMO-0001-000043' }, endsAt: 46_000 }
    await far.snapshot(snapshot(1, undefined, sorry))
    await far.snapshot(snapshot(2, undefined, sorry))
    expect(startAnew).not.toHaveBeenCalled()
    await far.snapshot(snapshot(3, undefined))
    await followed
    expect(startAnew).toHaveBeenCalledOnce()
    expect(kiosk.snapshot).toBeUndefined()
  })

  it('tells of touches while staff are there, so that they are not signed out under their hands', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    void kiosk.follow(far.api)
    await far.snapshot(snapshot(1, undefined, staffScreen))
    kiosk.noteActivity(0)
    expect(far.commands).toEqual([{ type: 'activity' }])
  })

  it('forgets the snapshot when the stream ends', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    const wiped = vi.fn()
    const takeBack = onWipe(wiped)
    const followed = kiosk.follow(far.api)
    await far.snapshot(snapshot(1, session))
    await far.end()
    await followed
    expect(kiosk.connection).toBe('lost')
    expect(kiosk.snapshot).toBeUndefined()
    expect(wiped).toHaveBeenCalled()
    expect(await kiosk.send({ type: 'start' })).toBe('refused')
    takeBack()
  })

  it('says that a person is there at most every two seconds, and only in a session', async () => {
    const kiosk = useKiosk()
    const far = handFedKiosk()
    void kiosk.follow(far.api)
    await far.snapshot(snapshot(1, undefined))
    kiosk.noteActivity(0)
    expect(far.commands).toEqual([])
    await far.snapshot(snapshot(2, session))
    for (const now of [100, 500, 2_000, 100 + ACTIVITY_INTERVAL_MS, 2_200]) kiosk.noteActivity(now)
    expect(far.commands).toEqual([{ type: 'activity' }, { type: 'activity' }])
  })
})
