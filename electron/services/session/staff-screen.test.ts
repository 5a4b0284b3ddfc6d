import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { sandboxConfig } from '../../../core/config/sandbox-config.ts'
import type { Capabilities } from '../../../core/device/capabilities.ts'
import type { JourneyPorts } from '../../../core/journey/ports.ts'
import { smallPack } from '../../../core/journey/testing/small-pack.ts'
import type { Command } from '../../../core/kiosk-api/command.ts'
import type { StaffAct } from '../../../core/staff/act.ts'
import type { StaffView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import type { SessionService } from './session.ts'
import { createSessionService } from './session.ts'

const never = (): Promise<never> => new Promise(() => undefined)
const SIGN_IN: StaffView = { stage: 'sign-in', checking: false, problem: undefined, lockedUntil: undefined, endsAt: 1 }

describe('the screen, shared by citizens and staff', () => {
  let clock: SimulatedClock
  let session: SessionService
  let view: StaffView | undefined
  let closed: LocalText | undefined
  let acts: StaffAct[]
  let touches: number
  let gone: number
  const send = (command: Command): 'accepted' | 'refused' => session.command(command)
  const screen = () => session.snapshot().screen
  const open: Command = { type: 'staff', act: { kind: 'open' } }

  beforeEach(() => {
    clock = new SimulatedClock()
    view = undefined
    closed = undefined
    acts = []
    touches = 0
    gone = 0
    const ports = Object.fromEntries(['readCard', 'fetchLicence', 'checkData', 'scanPage', 'scanFeeder', 'takePhotograph', 'lookAtPage', 'bindPages', 'readPages', 'preCheck', 'submit', 'print'].map((name) => [name, never])) as unknown as JourneyPorts
    session = createSessionService({
      clock, config: sandboxConfig({ dataFolder: '/nowhere', rootFile: '/nowhere/root.json' }), log: () => undefined,
      ports: { ...ports, now: () => clock.now(), today: () => '2026-01-01', newId: () => 'id', dropPage: () => undefined, evaluate: () => undefined },
      activePack: () => smallPack, reports: () => [], wipe: () => undefined, onFree: () => undefined,
      capabilities: () => ({ identify: true, print: true, scan: true, network: 'online', submit: true, reasons: {}, obstacles: {} }) as unknown as Capabilities,
      closed: () => closed, hours: () => ({ open: '08:00', close: '20:00' }),
      staff: {
        view: () => view,
        act: (act) => {
          acts.push(act)
          if (act.kind !== 'open' || session.inSession()) return 'refused'
          view = SIGN_IN
          session.worldChanged()
          return 'accepted'
        },
        touched: () => void touches++,
        pageGone: () => {
          gone++
          view = undefined
        },
      },
    })
  })

  it('is the staff’s while they are there, and citizens’ commands mean nothing', () => {
    expect(send(open)).toBe('accepted')
    expect(screen()).toEqual({ kind: 'staff', staff: SIGN_IN })
    expect(session.snapshot().session).toBeUndefined()
    expect([send({ type: 'start' }), send({ type: 'choose-matter', matter: 'M05' }), send({ type: 'activity' })]).toEqual(['refused', 'refused', 'accepted'])
    expect([touches, session.inSession()]).toEqual([3, false])
    view = undefined
    session.worldChanged()
    expect(screen().kind).toBe('idle')
    expect(send({ type: 'start' })).toBe('accepted')
  })

  it('is not given away while a citizen is served; the wish is passed on to be written down', () => {
    send({ type: 'start' })
    expect(send(open)).toBe('refused')
    expect(acts).toEqual([{ kind: 'open' }])
    expect(screen().kind).toBe('matters')
  })

  it('keeps the language that staff chose until they leave, and not a moment longer', async () => {
    send(open)
    send({ type: 'display', language: 'en' })
    await clock.advance(61_000)
    expect(session.snapshot().display.language).toBe('en')
    view = undefined
    session.worldChanged()
    expect(session.snapshot().display.language).toBe('zh-CN')
  })

  it('tells the staff service when its page is gone', () => {
    send(open)
    session.pageOpened()
    expect(gone).toBe(1)
  })

  it('says why nobody is served, and begins nothing', () => {
    closed = text('正在维护', 'Maintenance')
    session.worldChanged()
    expect(screen()).toEqual({ kind: 'out-of-service', reason: closed })
    expect(send({ type: 'start' })).toBe('refused')
    expect(send(open)).toBe('accepted')
    expect(session.snapshot().terminal.hours).toEqual({ open: '08:00', close: '20:00' })
  })

  it('serves to the end who is being served when it closes', () => {
    send({ type: 'start' })
    closed = text('大厅已关闭', 'Closed')
    session.worldChanged()
    expect(screen().kind).toBe('matters')
    expect(send({ type: 'choose-matter', matter: 'M05' })).toBe('accepted')
    send({ type: 'leave' })
    expect(screen()).toEqual({ kind: 'out-of-service', reason: closed })
  })
})
