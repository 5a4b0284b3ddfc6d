import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Command } from '../../core/kiosk-api/command.ts'
import { REPLACED } from '../../core/kiosk-api/replaced.ts'
import type { ScreenView, Snapshot } from '../../core/kiosk-api/snapshot.ts'
import type { KioskApi } from '../api.ts'
import { onWipe, wipePage } from './wipe.ts'

/** `replaced`: another page is in charge of the terminal now, and this one must not take it back by itself. */
export type Connection = 'connecting' | 'live' | 'lost' | 'replaced'

/** Scanned pages that a screen names. */
function pagesOn(screen: ScreenView): ReadonlySet<string> {
  const stage = screen.kind === 'scan' ? screen.stage : undefined
  return new Set([...(stage !== undefined && 'pages' in stage ? stage.pages : []), ...(stage !== undefined && 'page' in stage ? [stage.page] : [])])
}

/** At most one `activity` command in this time; the kiosk needs to know that a person is there, not each touch. */
export const ACTIVITY_INTERVAL_MS = 2_000

/**
 * Mirror of the kiosk's state. It holds the newest snapshot and nothing else: the page decides nothing, so there is nothing
 * to keep that the kiosk does not know.
 */
export const useKiosk = defineStore('kiosk', () => {
  const connection = ref<Connection>('connecting')
  const snapshot = shallowRef<Snapshot>()
  /** Kiosk's clock minus this page's monotonic clock, so that deadlines stay right when the wall clock is set. */
  const clockOffset = ref(0)
  /** Commands on their way; buttons show that they were felt while there are any. */
  const pending = ref(0)
  const pages = new Map<string, Promise<string | undefined>>()
  let api: KioskApi | undefined
  let lastActivity = Number.NEGATIVE_INFINITY

  const screen = computed(() => snapshot.value?.screen)
  const session = computed(() => snapshot.value?.session)
  const display = computed(() => snapshot.value?.display)
  const terminal = computed(() => snapshot.value?.terminal)

  onWipe(() => {
    pages.clear()
    lastActivity = Number.NEGATIVE_INFINITY
  })

  /** Answers whether the page must start anew before it may show anything else. */
  function receive(next: Snapshot): boolean {
    const before = snapshot.value
    snapshot.value = next
    // Whatever the kiosk does not show any more was kept, dropped or taken anew: none of it is for this page to remember.
    const shown = pagesOn(next.screen)
    for (const id of [...pages.keys()]) if (!shown.has(id)) pages.delete(id)
    clockOffset.value = next.now - performance.now()
    const sessionEnded = before?.session !== undefined && next.session === undefined
    // A PIN was typed there, perhaps: strings cannot be overwritten, a page that is gone holds none.
    const staffLeft = before?.screen.kind === 'staff' && next.screen.kind !== 'staff'
    // The number of somebody's application stood there, perhaps.
    const sorryLeft = before?.screen.kind === 'sorry' && next.screen.kind !== 'sorry'
    if (!sessionEnded && !staffLeft && !sorryLeft) return false
    wipePage()
    return staffLeft || sorryLeft || before?.session?.identified === true
  }

  /**
   * Follows the kiosk until its stream ends; resolves then. The page shows nothing of the session any more afterwards. After
   * a session in which somebody was identified, after the staff page, and after the screen that tells of one that broke off,
   * it calls `startAnew`, which must load the page again: wiping what we know of cannot reach what libraries still hold in
   * memory.
   */
  async function follow(through: KioskApi, startAnew: () => void = () => undefined, signal: AbortSignal = new AbortController().signal): Promise<void> {
    api = through
    connection.value = 'connecting'
    let replaced = false
    try {
      for await (const next of await through.snapshots(signal)) {
        if (receive(next)) {
          snapshot.value = undefined
          connection.value = 'connecting'
          startAnew()
          return
        }
        connection.value = 'live'
      }
    } catch (error) {
      // Else the kiosk went away: told by the screen, and nothing else can be done about it here.
      replaced = error instanceof Error && 'code' in error && error.code === REPLACED
    }
    if (api !== through) return
    api = undefined
    connection.value = replaced ? 'replaced' : 'lost'
    snapshot.value = undefined
    wipePage()
  }

  /** Asks the kiosk for something. `refused` also when the kiosk cannot be reached: the lost connection is shown by itself. */
  async function send(command: Command): Promise<'accepted' | 'refused'> {
    if (api === undefined) return 'refused'
    // Saving on the way must not make the button that a finger is on its way to look busy.
    const tells = command.type !== 'activity' && command.type !== 'camera' && !(command.type === 'save-form' && !command.next)
    if (tells) pending.value += 1
    try {
      return await api.command(command)
    } catch {
      return 'refused'
    } finally {
      if (tells) pending.value -= 1
    }
  }

  /** A touch or a key, anywhere: citizens' sessions and staff's end without it. */
  function noteActivity(now: number = performance.now()): void {
    if ((session.value === undefined && screen.value?.kind !== 'staff') || now - lastActivity < ACTIVITY_INTERVAL_MS) return
    lastActivity = now
    void send({ type: 'activity' })
  }

  /** Picture of a scanned page, fetched once and kept while the kiosk shows it. */
  function page(id: string): Promise<string | undefined> {
    const known = pages.get(id)
    if (known !== undefined) return known
    const fetched = api === undefined ? Promise.resolve(undefined) : api.page(id).catch(() => undefined)
    pages.set(id, fetched)
    return fetched
  }

  /** Hands the kiosk a still of the document camera; `refused` also when the kiosk cannot be reached. */
  async function photograph(dataUrl: string): Promise<'accepted' | 'refused'> {
    if (api === undefined) return 'refused'
    pending.value += 1
    try {
      return await api.photograph(dataUrl)
    } catch {
      return 'refused'
    } finally {
      pending.value -= 1
    }
  }

  /** Milliseconds on the kiosk's clock now. */
  function kioskNow(): number {
    return performance.now() + clockOffset.value
  }

  return { connection, snapshot, screen, session, display, terminal, pending, follow, send, noteActivity, page, photograph, kioskNow }
})
