import type { ActorRefFrom } from 'xstate'
import { createActor } from 'xstate'
import type { Clock } from '../../../core/clock/clock.ts'
import type { SubmissionOutcome } from '../../../core/case/draft.ts'
import type { KioskConfig } from '../../../core/config/kiosk-config.ts'
import type { Capabilities } from '../../../core/device/capabilities.ts'
import { scanSources } from '../../../core/device/scan-sources.ts'
import type { DeviceReport } from '../../../core/device/status.ts'
import { chinaDate } from '../../../core/identity/dates.ts'
import { createJourney } from '../../../core/journey/chart.ts'
import type { JourneyMachine } from '../../../core/journey/chart.ts'
import type { JourneyPorts } from '../../../core/journey/ports.ts'
import type { World } from '../../../core/journey/view.ts'
import { positionOf, screenOf, sessionOf } from '../../../core/journey/view.ts'
import type { Command } from '../../../core/kiosk-api/command.ts'
import type { DisplaySettings, IdleView, LeftBehind, MatterSummary, Snapshot, SorryView } from '../../../core/kiosk-api/snapshot.ts'
import type { Log } from '../../../core/log/events.ts'
import { availabilityOf } from '../../../core/matter-pack/availability.ts'
import type { MatterPack } from '../../../core/matter-pack/schema.ts'
import { searchKeys } from '../../../core/matter-pack/search.ts'
import { unreachable } from '../../../core/result/result.ts'
import type { StaffAct } from '../../../core/staff/act.ts'
import type { ServiceHours } from '../../../core/staff/hours.ts'
import type { StaffView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import { faultCode } from '../fault-code.ts'

/** Language and size chosen at an idle screen go back to the default when nobody goes on. */
const IDLE_DISPLAY_LIMIT_MS = 60_000
/** Three short sentences and a number to be written down, in care mode by somebody who reads slowly. */
export const SORRY_MS = 45_000
/** So long a touch may be one that was meant for the screen before. */
export const SORRY_LEAST_MS = 1_500

export interface SessionDependencies {
  readonly clock: Clock
  readonly config: KioskConfig
  /** The pack in force; asked once per session, so a session never changes under a citizen. */
  readonly activePack: () => MatterPack | undefined
  readonly capabilities: () => Capabilities
  readonly reports: () => readonly DeviceReport[]
  readonly ports: JourneyPorts
  /** Everything that lives outside of the journey and belonged to the citizen: pages, document worker, backend session. */
  readonly wipe: () => void
  /** The terminal is free: a new pack may be put in force. */
  readonly onFree: () => void
  readonly log: Log
  /** Why citizens are not served now (out of service, outside of the hours). A session under way is finished first, never cut. */
  readonly closed?: () => LocalText | undefined
  /** Service hours in force; left out: those of the configuration. */
  readonly hours?: () => ServiceHours
  /** The staff page of this terminal; it has the screen while `view` says something. */
  readonly staff?: StaffDoor
}

/** What the session needs of the staff service. */
export interface StaffDoor {
  /** Undefined while no staff are there. */
  view(): StaffView | undefined
  act(act: StaffAct): 'accepted' | 'refused'
  /** A touch that is no act. */
  touched(): void
  /** The page that showed it is gone. */
  pageGone(): void
}

/** How a session ended; `broken` is a bug that was caught and ended the session. */
export type SessionEnd = 'finished' | 'left' | 'timedOut' | 'pageLost' | 'broken'

/**
 * The one truth about who stands at the terminal. It drives the journey with commands, watches the world around it
 * (devices, network, pack), and tells the page what to show.
 */
export interface SessionService {
  snapshot(): Snapshot
  /** Called with each new snapshot. Returns the function that stops listening. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void
  command(command: Command): 'accepted' | 'refused'
  /** A still of the document camera: `refused` while no page is waited for. */
  photograph(jpeg: Uint8Array): 'accepted' | 'refused'
  /** A page has opened its stream. If a session is under way, the page that showed it is gone. */
  pageOpened(): void
  /** Devices, network or pack have changed. */
  worldChanged(): void
  inSession(): boolean
  /** Somebody is served, or still reads what became of a session that broke off: nothing may take the screen from them. */
  citizenThere(): boolean
  /** The pack of the session under way, which stays whatever is put in force meanwhile; else the active one. */
  packInForce(): MatterPack | undefined
  stop(): void
}

export function createSessionService(deps: SessionDependencies): SessionService {
  const { clock, config } = deps
  const listeners = new Set<(snapshot: Snapshot) => void>()
  const defaultDisplay: DisplaySettings = { language: config.languages[0] ?? 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false }
  let idleDisplay = defaultDisplay
  let idleTimer: unknown
  let revision = 0
  let running: { readonly actor: ActorRefFrom<JourneyMachine>; readonly startedAt: number } | undefined
  /** A session has just broken off, and whoever stood there is told. */
  let sorry: { readonly view: SorryView; readonly display: DisplaySettings } | undefined
  let sorryTimer: unknown
  /** A pack never changes, and spelling out its names is the dearest part of a snapshot: done once for each pack. */
  const searchKeysOf = new WeakMap<MatterPack, ReadonlyMap<string, readonly string[]>>()
  let staffThere = false
  let current: Snapshot = make()

  function keysOf(pack: MatterPack): ReadonlyMap<string, readonly string[]> {
    const known = searchKeysOf.get(pack)
    if (known !== undefined) return known
    const keys = new Map(pack.matters.map((matter) => [matter.id, searchKeys(matter, pack.departments.find((department) => department.id === matter.department)?.name)]))
    searchKeysOf.set(pack, keys)
    return keys
  }

  function summaries(pack: MatterPack | undefined, can: Capabilities): readonly MatterSummary[] {
    return (pack?.matters ?? []).map((matter) => ({
      id: matter.id,
      name: matter.name,
      shortName: matter.shortName,
      summary: matter.summary,
      department: matter.department,
      lifeEvents: matter.lifeEvents,
      searchKeys: (pack && keysOf(pack).get(matter.id)) ?? [],
      availability: availabilityOf(matter, can),
    }))
  }

  function worldOf(pack: MatterPack, can: Capabilities): World {
    const matters = summaries(pack, can)
    return {
      canPrint: can.print,
      canScan: can.scan,
      scanSources: scanSources(config.devices, deps.reports()),
      online: can.network === 'online',
      matters,
      availability: (id) => matters.find((matter) => matter.id === id)?.availability ?? { state: 'available' },
    }
  }

  function make(): Snapshot {
    const can = deps.capabilities()
    const state = running?.actor.getSnapshot()
    const position = state && positionOf(state.value)
    const pack = state?.context.pack ?? deps.activePack()
    const { terminal } = config
    const staff = running === undefined ? deps.staff?.view() : undefined
    return {
      revision: ++revision,
      now: clock.now(),
      terminal: {
        id: terminal.id, name: terminal.name, hall: terminal.hall, demonstration: terminal.demonstration || pack?.demonstration === true,
        languages: config.languages, hours: deps.hours?.() ?? config.hours, contact: config.contact, screen: config.screen,
        network: can.network, devices: deps.reports(), packVersion: pack?.version,
        ...cameraOf(config),
        keyboardScanner: config.devices.some((device) => device.class === 'code-scanner' && device.address.kind === 'keyboard'),
      },
      display: state?.context.display ?? (staff === undefined ? sorry?.display : undefined) ?? idleDisplay,
      session: state && position && sessionOf(state.context, position),
      screen: state && position && pack ? screenOf(state.context, position, worldOf(pack, can)) : staff !== undefined ? { kind: 'staff', staff } : sorry?.view ?? idleScreen(pack, can),
    }
  }

  function idleScreen(pack: MatterPack | undefined, can: Capabilities): Snapshot['screen'] {
    const closed = deps.closed?.()
    if (closed !== undefined) return { kind: 'out-of-service', reason: closed }
    if (pack === undefined) return { kind: 'out-of-service', reason: text('正在准备办事清单，请稍候。', 'Getting the list of services ready. Please wait a moment.') }
    return { kind: 'idle', abilities: abilities(can), matters: summaries(pack, can) }
  }

  function publish(): void {
    const staffNow = running === undefined && deps.staff?.view() !== undefined
    // What staff chose for themselves is not for the next citizen.
    if (staffThere && !staffNow && running === undefined) idleDisplay = defaultDisplay
    staffThere = staffNow
    try {
      current = make()
    } catch (error) {
      // A screen that cannot be made would leave the old one standing, with the citizen's data on it.
      if (running === undefined) throw error
      fault('screen', error)
      return
    }
    for (const listener of listeners) listener(current)
  }

  function start(pack: MatterPack): void {
    clock.clearTimeout(idleTimer)
    const { terminal } = config
    const actor = createActor(createJourney(deps.ports), {
      clock,
      input: {
        pack,
        terminal: { id: terminal.id, name: terminal.name, hall: terminal.hall, demonstration: terminal.demonstration || pack.demonstration, phone: config.contact.phone },
        display: idleDisplay,
        today: chinaDate(clock.now()),
        startedAt: clock.now(),
      },
    })
    running = { actor, startedAt: clock.now() }
    deps.log('session.started', { language: idleDisplay.language, care: idleDisplay.care })
    actor.subscribe({
      next: (state) => {
        if (running?.actor !== actor) return
        const end = endOf(state.value)
        if (end === undefined) publish()
        else finish(end)
      },
      error: (error) => fault('journey', error),
    })
    actor.start()
  }

  /** The wipe: the actor with everything that it knew is dropped, and whatever else belonged to the citizen with it. */
  function finish(how: SessionEnd): void {
    const ended = running
    if (ended === undefined) return
    running = undefined
    const { identity, matterId, display, outcome, submitSince } = ended.actor.getSnapshot().context
    idleDisplay = defaultDisplay
    if (how === 'broken') apologise(display, leftBehind(outcome, submitSince))
    // Each step on its own: what fails in one must not keep the next from wiping.
    const steps: readonly (readonly [string, () => void])[] = [['photo', () => identity?.photo?.bytes.fill(0)], ['journey', () => ended.actor.stop()], ['services', deps.wipe]]
    for (const [step, wipe] of steps) {
      try {
        wipe()
      } catch {
        deps.log('session.wipe-failed', { step })
      }
    }
    deps.log('session.ended', { end: how, lastedMs: clock.now() - ended.startedAt, ...(matterId !== undefined && { matter: matterId }) })
    deps.onFree()
    publish()
  }

  /** Stands until it was read or its time is over. It outlives a page that starts anew, and knows nothing but a number. */
  function apologise(display: DisplaySettings, left: LeftBehind): void {
    clock.clearTimeout(sorryTimer)
    sorry = { view: { kind: 'sorry', left, endsAt: clock.now() + SORRY_MS }, display }
    sorryTimer = clock.setTimeout(endSorry, SORRY_MS)
  }

  function endSorry(): void {
    if (sorry === undefined) return
    clock.clearTimeout(sorryTimer)
    sorry = undefined
    publish()
  }

  /** A bug within a session: told by its kind only, because its words may hold what the citizen gave. */
  function fault(step: string, error: unknown): void {
    deps.log('session.fault', { step, code: faultCode(error) })
    finish('broken')
  }

  function command(command: Command): 'accepted' | 'refused' {
    // Also while a citizen is served: then it is refused there, and written down.
    if (command.type === 'staff') return deps.staff?.act(command.act) ?? 'refused'
    if (running === undefined && deps.staff?.view() !== undefined) return staffCommand(command, deps.staff)
    if (running === undefined) return sorry === undefined ? idleCommand(command) : sorryCommand(command)
    try {
      return sessionCommand(running.actor, command)
    } catch (error) {
      fault('command', error)
      return 'refused'
    }
  }

  function sessionCommand(actor: ActorRefFrom<JourneyMachine>, command: Command): 'accepted' | 'refused' {
    const { context, value } = actor.getSnapshot()
    const lost = positionOf(value)?.pageLost === true
    // While the page is lost nobody but the holder of the card may go on; anybody may end it.
    if (lost && !['leave', 'retry', 'display'].includes(command.type)) return 'refused'
    const accepted = command.type === 'activity' || (isOffered(command, context.pack) && actor.getSnapshot().can(command))
    if (accepted && command.type !== 'activity') actor.send(command)
    // After the command, because it may have changed the time limits (care mode).
    if (!lost && running?.actor === actor) actor.send({ type: 'touch' })
    return accepted ? 'accepted' : 'refused'
  }

  /** A matter that cannot be done now cannot be begun, whatever an old screen still showed. */
  function isOffered(command: Command, pack: MatterPack): boolean {
    if (command.type !== 'choose-matter') return true
    const matter = pack.matters.find((candidate) => candidate.id === command.matter)
    return matter !== undefined && availabilityOf(matter, deps.capabilities()).state !== 'unavailable'
  }

  /** While staff are there a citizen's commands mean nothing; language and size of the text are anybody's. */
  function staffCommand(command: Command, staff: StaffDoor): 'accepted' | 'refused' {
    staff.touched()
    switch (command.type) {
      case 'activity': return 'accepted'
      case 'display': return idleCommand(command)
      default: return 'refused'
    }
  }

  /** Only "I have read it": a touch that was meant for the screen before must begin nothing. */
  function sorryCommand(command: Command): 'accepted' | 'refused' {
    if (command.type === 'activity') return 'accepted'
    if (command.type === 'display' && sorry !== undefined) {
      sorry = { ...sorry, display: changedDisplay(sorry.display, command) }
      publish()
      return 'accepted'
    }
    if (command.type !== 'continue' || sorry === undefined || clock.now() < sorry.view.endsAt - SORRY_MS + SORRY_LEAST_MS) return 'refused'
    endSorry()
    return 'accepted'
  }

  function idleCommand(command: Command): 'accepted' | 'refused' {
    const pack = deps.activePack()
    switch (command.type) {
      case 'start':
        if (pack === undefined || deps.closed?.() !== undefined) return 'refused'
        start(pack)
        return 'accepted'
      case 'display': {
        idleDisplay = changedDisplay(idleDisplay, command)
        clock.clearTimeout(idleTimer)
        idleTimer = clock.setTimeout(() => {
          // Staff keep theirs until they leave.
          if (staffThere) return
          idleDisplay = defaultDisplay
          if (running === undefined) publish()
        }, IDLE_DISPLAY_LIMIT_MS)
        publish()
        return 'accepted'
      }
      case 'activity': return 'accepted'
      default: return 'refused'
    }
  }

  return {
    snapshot: () => current,
    onSnapshot: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    command,
    photograph: (jpeg) => {
      const actor = running?.actor
      const event = { type: 'photograph', jpeg } as const
      if (actor === undefined || positionOf(actor.getSnapshot().value)?.pageLost !== false || !actor.getSnapshot().can(event)) return 'refused'
      actor.send(event)
      actor.send({ type: 'touch' })
      return 'accepted'
    },
    pageOpened: () => {
      deps.staff?.pageGone()
      running?.actor.send({ type: 'page-lost' })
    },
    worldChanged: publish,
    inSession: () => running !== undefined,
    citizenThere: () => running !== undefined || sorry !== undefined,
    packInForce: () => running?.actor.getSnapshot().context.pack ?? deps.activePack(),
    stop: () => {
      clock.clearTimeout(idleTimer)
      if (running !== undefined) finish('left')
      clock.clearTimeout(sorryTimer)
      listeners.clear()
    },
  }
}

function changedDisplay(display: DisplaySettings, { type: _type, ...changes }: Extract<Command, { readonly type: 'display' }>): DisplaySettings {
  return { ...display, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) }
}

/** What is true of the application at this moment, whatever the screens were about to say. */
function leftBehind(outcome: SubmissionOutcome | undefined, submitSince: number): LeftBehind {
  if (outcome === undefined) return { kind: submitSince > 0 ? 'on-its-way' : 'nothing' }
  switch (outcome.kind) {
    case 'received': return { kind: 'received', number: outcome.caseNumber }
    case 'kept': return { kind: 'kept', number: outcome.localNumber }
    // Without a number it was not even kept, and so never sent.
    case 'refused': return outcome.localNumber === undefined ? { kind: 'nothing' } : { kind: 'refused', number: outcome.localNumber }
    default: return unreachable(outcome)
  }
}

/** The first camera of the configuration is the one that the page watches: a terminal has one. */
function cameraOf(config: KioskConfig): Pick<Snapshot['terminal'], 'camera'> {
  const camera = config.devices.find((device) => device.class === 'document-camera')
  return camera === undefined ? {} : { camera: { label: camera.address.label } }
}

function abilities(can: Capabilities): IdleView['abilities'] {
  const ability = (id: IdleView['abilities'][number]['id'], works: boolean, reason: keyof Capabilities['reasons']): IdleView['abilities'][number] => {
    const why = can.reasons[reason]
    return { id, works, ...(!works && why !== undefined ? { reason: why.citizen } : {}) }
  }
  return [
    ability('identify', can.identify, 'identify'),
    ability('scan', can.scan, 'scan'),
    ability('print', can.print, 'print'),
    ability('submit', can.submit && can.network === 'online', can.submit ? 'network' : 'submit'),
  ]
}

function endOf(value: unknown): SessionEnd | undefined {
  const ended = typeof value === 'object' && value !== null && 'ended' in value ? value.ended : undefined
  return ended === 'finished' || ended === 'left' || ended === 'timedOut' || ended === 'pageLost' ? ended : undefined
}
