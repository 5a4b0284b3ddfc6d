import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { IdempotencyKey } from '../../core/ids.ts'
import type { OneWindowClient } from '../../core/one-window/client.ts'
import type { OneWindowError } from '../../core/one-window/errors.ts'
import type { CaseReceipt } from '../../core/one-window/types.ts'
import { err, ok } from '../../core/result/result.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createRegistration } from '../../electron/services/one-window/registration.ts'
import type { NewApplication, OutboxStatus } from '../../electron/services/outbox/outbox.ts'
import { CHEN, ENROLMENT_CODE, file, LIN, openWorld, submission, TERMINAL, type World } from './one-window-world.ts'
import { openOutbox, watched, type OutboxWorld } from './outbox-world.ts'

let world: World
const opened: OutboxWorld[] = []

beforeEach(async () => {
  world = await openWorld()
  await world.enrol()
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await world.close()
})

async function terminal(client: Parameters<typeof openOutbox>[1] = world.client(), ...rest: [Parameters<typeof openOutbox>[2]?, Parameters<typeof openOutbox>[3]?]): Promise<OutboxWorld> {
  const one = await openOutbox(join(world.folder, 'terminal'), client, rest[0] ?? systemClock, rest[1])
  opened.push(one)
  return one
}

function application(person = CHEN, pages: readonly ReturnType<typeof file>[] = []): NewApplication {
  return { idempotencyKey: randomUUID() as IdempotencyKey, submission: submission('M05', person, pages.map(({ manifest }) => manifest)), attachments: pages }
}

async function kept(one: OutboxWorld, wanted: NewApplication): Promise<Awaited<ReturnType<typeof one.outbox.list>>[number]['localNumber']> {
  const result = await one.outbox.keep(wanted)
  if (!result.ok) throw new Error(result.error.kind)
  return result.value.localNumber
}

/** Resolves with the first status that fits; the outbox itself says when. */
function statusOf(one: OutboxWorld, fits: (status: OutboxStatus) => boolean): Promise<OutboxStatus> {
  return new Promise((resolve) => {
    const stop = one.outbox.onStatus((status) => {
      if (!fits(status)) return
      stop()
      resolve(status)
    })
  })
}

describe('an application', () => {
  it('online: is received, with the case number and the backend’s time', async () => {
    const one = await terminal()
    const localNumber = await kept(one, application(CHEN, [file(Buffer.from('page one')), file(Buffer.from('page two'))]))
    const outcome = await one.outbox.submitNow(localNumber, 10_000)
    expect(outcome).toMatchObject({ kind: 'received', receipt: { state: 'received' } })
    expect(world.backend.state().cases).toMatchObject([{ number: outcome.kind === 'received' ? outcome.caseNumber : '', materials: 2 }])
    expect(await one.outbox.submitNow(localNumber, 10_000)).toMatchObject({ kind: 'received', receipt: undefined })
    expect(await one.outbox.status()).toEqual({ waiting: 0, held: 0, oldestMs: undefined, full: false, paused: undefined })
    expect(world.backend.state().cases).toHaveLength(1)
  })

  it('offline: is kept; when the network is back it becomes exactly one case', async () => {
    await world.backend.command({ kind: 'offline', on: true })
    const one = await terminal(world.client(), systemClock, { random: () => 0.01 })
    await one.outbox.start()
    const localNumber = await kept(one, application(CHEN, [file(Buffer.from('a lease'))]))
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'kept', localNumber, why: { kind: 'unreachable' } })
    expect(world.backend.state().cases).toEqual([])
    expect(await one.outbox.status()).toMatchObject({ waiting: 1 })
    const empty = statusOf(one, ({ waiting }) => waiting === 0)
    await world.backend.command({ kind: 'offline', on: false })
    await one.outbox.online()
    await empty
    expect(world.backend.state().cases).toHaveLength(1)
    expect(await one.outbox.list()).toMatchObject([{ localNumber, state: 'done', caseNumber: world.backend.state().cases[0]?.number }])
  })

  it('whose answer is lost after the commit becomes exactly one case', async () => {
    await world.backend.command({ kind: 'drop-after-commit', times: 2 })
    const client = watched(world.client())
    const one = await terminal(client)
    const localNumber = await kept(one, application())
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'kept', why: { kind: 'unreachable' } })
    expect(world.backend.state().cases).toHaveLength(1)
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'kept' })
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received', caseNumber: world.backend.state().cases[0]?.number })
    expect(world.backend.state().cases).toHaveLength(1)
    expect(client.submitted).toHaveLength(3)
    expect(new Set(client.submitted).size).toBe(1)
  })

  it('whose terminal is killed between two pieces goes on at the very byte, in another process', async () => {
    const folder = join(world.folder, 'terminal')
    const first = await terminal()
    await first.close()
    opened.splice(0)
    // The same signing key as the one that is registered.
    writeFileSync(join(folder, 'keys', 'terminal-signing-key.pem'), readFileSync(join(world.folder, 'keys', 'terminal-signing-key.pem')), { mode: 0o600 })
    const bytes = 7 * 1024 * 1024 + 123
    const victim = execFile(process.execPath, [new URL('./outbox-victim.ts', import.meta.url).pathname, folder, `${world.backend.url}/v1`, String(bytes)])
    let printed = ''
    let complained = ''
    victim.stdout?.on('data', (text) => (printed += String(text)))
    victim.stderr?.on('data', (text) => (complained += String(text)))
    const [, signal] = (await once(victim, 'exit')) as [number | null, string | null]
    expect({ signal, complained: signal === 'SIGKILL' ? '' : complained }).toEqual({ signal: 'SIGKILL', complained: '' })
    expect(world.backend.state().uploads).toMatchObject([{ offset: 4 * 1024 * 1024, complete: false }])

    const client = watched(world.client())
    const second = await terminal(client)
    const done = statusOf(second, ({ waiting }) => waiting === 0)
    await second.outbox.start()
    await done
    expect(client.pieces).toEqual([{ offset: 4 * 1024 * 1024, bytes: 2 * 1024 * 1024 }, { offset: 6 * 1024 * 1024, bytes: 1024 * 1024 + 123 }])
    expect(world.backend.state().cases).toHaveLength(1)
    expect(await second.outbox.list()).toMatchObject([{ state: 'done', localNumber: printed.trim() }])
    expect(second.events).toContain('outbox.opened')
  })

  it('whose uploads the backend has lost is uploaded again', async () => {
    const client = world.client()
    let lost = false
    const one = await terminal({ ...client, submitCase: async (...args) => {
      if (!lost) {
        lost = true
        return err({ kind: 'refused', status: 422, code: 'upload-missing', sentence: { 'zh-CN': '没有', en: 'none' } })
      }
      return client.submitCase(...args)
    } })
    const localNumber = await kept(one, application(CHEN, [file(Buffer.from('page'))]))
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received' })
  })

  it('refused while its citizen waits: told, wiped; mended and kept again under the same key it is received', async () => {
    const one = await terminal()
    const wanted = application()
    const broken: NewApplication = { ...wanted, submission: { ...wanted.submission, materials: [{ id: 'lease', name: { 'zh-CN': '租赁合同', en: 'Lease' }, how: 'scan', uploads: [] }] } }
    const localNumber = await kept(one, broken)
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'refused', code: 'gaps-remain', gaps: [{ code: 'pages-missing' }] })
    expect(await one.outbox.status()).toMatchObject({ waiting: 0, held: 0 })
    expect(await kept(one, wanted)).toBe(localNumber)
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received' })
    expect(world.backend.state().cases).toHaveLength(1)
  })

  it('waiting for its back-off is tried at once when staff want it', async () => {
    const client = watched(world.client())
    await world.backend.command({ kind: 'offline', on: true })
    const one = await terminal(client, new SimulatedClock(), { random: () => 0.999 })
    const localNumber = await kept(one, application(CHEN))
    await one.outbox.submitNow(localNumber, 5_000)
    await world.backend.command({ kind: 'offline', on: false })
    await one.outbox.send()
    expect(await one.outbox.list()).toMatchObject([{ state: 'ready', tries: 1 }])
    expect(await one.outbox.hurry()).toBe(1)
    await one.outbox.send()
    expect(await one.outbox.list()).toMatchObject([{ state: 'done' }])
  })

  it('refused in the background is held for staff and not sent again, and the next one goes on', async () => {
    const client = watched(world.client())
    await world.backend.command({ kind: 'offline', on: true })
    const one = await terminal(client, systemClock, { random: () => 0 })
    const first = await kept(one, application(LIN))
    const second = await kept(one, application(LIN))
    const third = await kept(one, application(CHEN))
    for (const localNumber of [first, second, third]) await one.outbox.submitNow(localNumber, 5_000)
    await world.backend.command({ kind: 'offline', on: false })
    client.submitted.splice(0)
    await one.outbox.online()
    await one.outbox.send()
    expect(await one.outbox.list()).toMatchObject([{ state: 'done' }, { state: 'held', lastCode: 'refused:case-conflict' }, { state: 'done' }])
    expect(client.submitted).toHaveLength(3)
    await one.outbox.send()
    expect(client.submitted).toHaveLength(3)
    expect(await one.outbox.status()).toMatchObject({ waiting: 0, held: 1 })
    expect(await one.outbox.submitNow(second, 5_000)).toMatchObject({ kind: 'kept', why: { kind: 'held' } })
    // Staff settle the matter with the department, then let it go.
    for (const { number } of world.backend.state().cases) await world.backend.command({ kind: 'set-case-state', caseNumber: number, state: 'done' })
    expect(await one.outbox.release(second)).toBe(true)
    await one.outbox.send()
    expect(await one.outbox.list()).toMatchObject([{ state: 'done' }, { state: 'done' }, { state: 'done' }])
  })

  it('kept twice under one key is one application', async () => {
    const one = await terminal()
    const wanted = application()
    const [first, second] = await Promise.all([one.outbox.keep(wanted), one.outbox.keep(wanted)])
    expect(first).toEqual(second)
    expect(await one.outbox.list()).toHaveLength(1)
  })

  it('of a terminal whose registration has ended waits for the renewal, and is not blamed', async () => {
    const client = world.client()
    const registration = createRegistration({ folder: world.folder, client, clock: systemClock, publicKey: world.key.publicKey, terminalId: TERMINAL, region: '990101', name: { 'zh-CN': '演示', en: 'Demonstration' }, software: '0.1.0', enrolmentCode: ENROLMENT_CODE })
    await world.backend.command({ kind: 'expire-registration', terminalId: TERMINAL })
    const one = await terminal(client, systemClock, { renew: () => registration.renew() })
    const localNumber = await kept(one, application())
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received' })

    await world.backend.command({ kind: 'suspend-terminal', terminalId: TERMINAL, on: true })
    const another = await kept(one, application(LIN))
    expect(await one.outbox.submitNow(another, 5_000)).toMatchObject({ kind: 'kept', why: { kind: 'unauthorised', code: 'terminal-suspended' } })
    expect(await one.outbox.status()).toMatchObject({ waiting: 1, held: 0, paused: 'terminal-suspended' })
    expect((await one.outbox.list())[1]).toMatchObject({ state: 'ready', tries: 0 })
    await world.backend.command({ kind: 'suspend-terminal', terminalId: TERMINAL, on: false })
    expect(await one.outbox.submitNow(another, 5_000)).toMatchObject({ kind: 'received' })
    expect(await one.outbox.status()).toMatchObject({ waiting: 0, paused: undefined })
  })
})

describe('what lies on the disk', () => {
  const CANARY = 'CANARY-in-an-address-93817'

  function everything(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? everything(join(folder, entry.name)) : [join(folder, entry.name)]))
  }

  it('is never readable, and after receipt it is gone', async () => {
    await world.backend.command({ kind: 'offline', on: true })
    const one = await terminal()
    const page = file(Buffer.from(`${CANARY} on the page`))
    const wanted = application({ ...CHEN, address: CANARY }, [page])
    const localNumber = await kept(one, wanted)
    await one.outbox.submitNow(localNumber, 5_000)
    const folder = join(world.folder, 'terminal')
    const found = (): string[] => everything(folder).filter((name) => {
      const bytes = readFileSync(name)
      return bytes.includes(CANARY) || bytes.includes('陈志远') || bytes.includes(CHEN.number)
    })
    expect(found()).toEqual([])
    expect(everything(join(folder, 'attachments'))).toHaveLength(1)
    for (const name of everything(folder)) expect(statSync(name).mode & 0o077).toBe(0)

    const [{ sealed, wrapped }] = (await one.database.all('SELECT hex(sealed) AS sealed, hex(wrapped_key) AS wrapped FROM application')) as unknown as [{ sealed: string; wrapped: string }]
    await world.backend.command({ kind: 'offline', on: false })
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received' })
    expect(everything(join(folder, 'attachments'))).toEqual([])
    expect(found()).toEqual([])
    // Not even the ciphertext or the wrapped key is left, in the file or in its log.
    for (const name of everything(join(folder, 'database'))) {
      const bytes = readFileSync(name)
      expect(bytes.includes(Buffer.from(sealed.slice(200, 260), 'hex'))).toBe(false)
      expect(bytes.includes(Buffer.from(wrapped.slice(-64), 'hex'))).toBe(false)
    }
  })

  it('does not open when a row was changed or moved: it is held for staff', async () => {
    await world.backend.command({ kind: 'offline', on: true })
    const one = await terminal()
    const localNumber = await kept(one, application())
    await one.database.run("UPDATE application SET matter = 'M12'")
    await world.backend.command({ kind: 'offline', on: false })
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'kept', why: { kind: 'held', code: 'sealed-unreadable' } })
    expect(world.backend.state().cases).toEqual([])
  })

  it('is taken no further when the disk is full or too much waits, and nothing is said to be kept', async () => {
    const full = await terminal(world.client(), systemClock, { capacity: { diskFull: () => Promise.resolve(true) } })
    expect(await full.outbox.keep(application())).toEqual({ ok: false, error: { kind: 'disk-full' } })
    expect((await full.outbox.status()).full).toBe(true)
    await full.close()
    opened.splice(0)
    const small = await terminal(world.client(), systemClock, { capacity: { mostWaiting: 1 } })
    expect((await small.outbox.status()).full).toBe(false)
    await kept(small, application())
    expect((await small.outbox.status()).full).toBe(true)
    expect(await small.outbox.keep(application())).toEqual({ ok: false, error: { kind: 'backlog' } })
    expect(await small.outbox.list()).toHaveLength(1)
  })

  it('of an application that was never committed is cleared away at the next start', async () => {
    const one = await terminal()
    writeFileSync(join(world.folder, 'terminal', 'attachments', 'orphan.sealed'), 'cut off')
    const localNumber = await kept(one, application(CHEN, [file(Buffer.from('page'))]))
    await one.outbox.start()
    expect(readdirSync(join(world.folder, 'terminal', 'attachments'))).toHaveLength(1)
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'received' })
  })
})

describe('back-off on a simulated clock', () => {
  const RECEIPT: CaseReceipt = { caseNumber: '99010120250108000123H', receivedAt: '2026-01-01T00:00:00.000Z', state: 'received', promise: { unit: 'at-once' }, tolerated: [] }

  /** Answers from a list, then with receipts; notes when each try came. */
  function scripted(clock: SimulatedClock, answers: OneWindowError[]): Pick<OneWindowClient, 'createUpload' | 'getUploadOffset' | 'putUploadPiece' | 'submitCase'> & { readonly at: number[]; answered(count: number): Promise<void> } {
    const at: number[] = []
    const waiting: { readonly count: number; readonly resolve: () => void }[] = []
    const unused = (): never => {
      throw new Error('no attachments here')
    }
    return {
      at,
      answered: (count) => new Promise((resolve) => {
        if (at.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
      createUpload: unused, getUploadOffset: unused, putUploadPiece: unused,
      submitCase() {
        at.push(clock.now())
        for (const { count, resolve } of waiting) if (at.length >= count) resolve()
        const error = answers.shift()
        return Promise.resolve(error === undefined ? ok(RECEIPT) : err(error))
      },
    }
  }

  /** The database lives in a real thread, so each step of the background is awaited by what it says, not by time. */
  async function settled(one: OutboxWorld, clock: SimulatedClock): Promise<void> {
    await one.outbox.status()
    for (let turn = 0; turn < 200 && clock.pending === 0; turn++) await one.database.all('SELECT 1')
  }

  it('doubles up to its cap, obeys Retry-After, and is not shortened by impatience', async () => {
    const clock = new SimulatedClock()
    const start = clock.now()
    const client = scripted(clock, [
      { kind: 'unreachable', code: 'ECONNREFUSED' }, { kind: 'timeout', afterMs: 1 }, { kind: 'server-error', status: 503, retryAfterMs: 60_000 }, { kind: 'server-error', status: 500 },
    ])
    const one = await terminal(client, clock, { random: () => 0.5 })
    await one.outbox.start()
    const localNumber = await kept(one, application())
    expect(await one.outbox.submitNow(localNumber, 5_000)).toMatchObject({ kind: 'kept', why: { kind: 'unreachable' } })
    for (let tries = 2; tries <= 5; tries++) {
      await settled(one, clock)
      // One millisecond short of the time, nothing happens.
      const due = Number((await one.outbox.list())[0]?.nextAt)
      await clock.advance(Math.max(0, due - clock.now() - 1))
      await settled(one, clock)
      expect(client.at).toHaveLength(tries - 1)
      await clock.advance(1)
      await client.answered(tries)
      for (let turn = 0; turn < 500 && (await one.outbox.list())[0]?.state === 'sending'; turn++) await one.database.all('SELECT 1')
    }
    const gaps = client.at.slice(1).map((at, index) => at - (client.at[index] ?? 0))
    // Half of 2 s, of 4 s, 60 s and half of 8 s, half of 16 s.
    expect(gaps).toEqual([1_000, 2_000, 64_000, 8_000])
    expect(client.at[0]).toBe(start)
    expect(await one.outbox.list()).toMatchObject([{ state: 'done', tries: 4 }])
  })

  it('sends oldest first, and one that failed five times goes behind the others', async () => {
    const clock = new SimulatedClock()
    const order: string[] = []
    const failing: OneWindowError = { kind: 'server-error', status: 500 }
    let poison = ''
    const client = { ...scripted(clock, []), submitCase: (_frozen: unknown, key: string) => {
      order.push(key)
      return Promise.resolve(key === poison ? err(failing) : ok(RECEIPT))
    } }
    const one = await terminal(client, clock, { random: () => 0 })
    const first = application()
    poison = first.idempotencyKey
    await kept(one, first)
    await clock.advance(20_000)
    for (let pass = 0; pass < 5; pass++) await one.outbox.send()
    const second = application(LIN)
    await kept(one, second)
    await clock.advance(20_000)
    order.splice(0)
    await one.outbox.send()
    expect(order).toEqual([second.idempotencyKey, first.idempotencyKey])
  })

  it('is counted anew when the clock is set back', async () => {
    const clock = new SimulatedClock()
    const client = scripted(clock, [{ kind: 'server-error', status: 503 }])
    const one = await terminal(client, clock, { random: () => 0.5 })
    const localNumber = await kept(one, application())
    await one.outbox.submitNow(localNumber, 5_000)
    await one.database.run('UPDATE application SET next_at = ?, updated_at = ?', clock.now() + 30 * 86_400_000, clock.now() + 30 * 86_400_000)
    await clock.advance(5 * 60_000)
    await one.outbox.send()
    await clock.advance(5 * 60_000 + 1)
    await one.outbox.send()
    expect(await one.outbox.list()).toMatchObject([{ state: 'done' }])
  })

  it('a citizen waits no longer than was said; what comes later is silent', async () => {
    const clock = new SimulatedClock()
    let answer: (receipt: CaseReceipt) => void = () => undefined
    let asked: () => void = () => undefined
    const askedOnce = new Promise<void>((resolve) => (asked = resolve))
    const client = { ...scripted(clock, []), submitCase: () => new Promise<ReturnType<typeof ok<CaseReceipt>>>((resolve) => {
      answer = (receipt) => resolve(ok(receipt))
      asked()
    }) }
    const one = await terminal(client, clock)
    const localNumber = await kept(one, application())
    const outcome = one.outbox.submitNow(localNumber, 8_000)
    await askedOnce
    await clock.advance(8_000)
    expect(await outcome).toMatchObject({ kind: 'kept', why: { kind: 'not-in-time' } })
    const done = statusOf(one, ({ waiting }) => waiting === 0)
    answer(RECEIPT)
    await done
    expect(await one.outbox.list()).toMatchObject([{ state: 'done' }])
    expect(clock.pending).toBe(0)
  })
})
