/**
 * The driver of social-security cards through koffi, libpcsclite and pcscd themselves: the card alone is a program, which
 * was written from the same tables on its own.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../core/clock/clock.ts'
import type { SocialCard, SocialCardError, SocialCardProgress } from '../../core/device/operations.ts'
import type { DeviceState } from '../../core/device/status.ts'
import type { Result } from '../../core/result/result.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { ANSWER_LIMIT_MS } from '../../drivers/social-card/link.ts'
import { createSocialCardReader, SERVICE_LIMIT_MS } from '../../drivers/social-card/service.ts'
import type { SocialCardReader } from '../../drivers/social-card/service.ts'
import { SOCIAL_CARDS } from '../../sandbox/devices/social-card/cards.ts'
import { createVirtualSocialCard } from '../../sandbox/devices/social-card/virtual-social-card.ts'
import type { SocialCardCommand, SocialCardState } from '../../sandbox/devices/social-card/virtual-social-card.ts'
import type { VirtualDevice } from '../../sandbox/devices/virtual-device.ts'
import { hurriedClock } from '../patient-clock.ts'
import { canRunPcscd, Pcscd } from './pcscd-world.ts'

const hasBinding = await import('koffi').then(() => true, () => false)

/** A reading waits longer for its card than any busy machine takes to lay it, also on a clock that runs faster. */
const CARD_LIMIT_MS = 10 * 60_000

/** Minutes of back-off pass in seconds; pcscd and the card have as long to answer as in a hall. */
const quickClock = (): Clock => hurriedClock(10, [SERVICE_LIMIT_MS, ANSWER_LIMIT_MS])

describe.skipIf(!canRunPcscd || !hasBinding)('over PC/SC (needs root, and the Debian packages pcscd and vsmartcard-vpcd)', () => {
  let pcscd: Pcscd
  let card: VirtualDevice<SocialCardCommand, SocialCardState>
  let driver: SocialCardReader | undefined
  let log: string[] = []

  beforeAll(async () => {
    pcscd = await Pcscd.prepare()
    await pcscd.start()
    card = createVirtualSocialCard({ reader: { host: '127.0.0.1', port: pcscd.port } })
    await card.start()
  })
  afterEach(async () => {
    await driver?.stop()
    await card.command({ kind: 'take-out' })
    await card.command({ kind: 'cable', clear: true })
  })
  afterAll(async () => {
    await card.stop()
    await pcscd.end()
  })

  async function ready(clock: Clock = systemClock): Promise<SocialCardReader> {
    log = []
    const made = createSocialCardReader({ id: 'social', class: 'social-card', address: { kind: 'pcsc', reader: 'sandbox reader' } }, { clock, log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`) })
    driver = made
    made.start()
    await becomes(made, 'ready')
    return made
  }

  function becomes(reader: SocialCardReader, state: DeviceState): Promise<void> {
    return new Promise((resolve) => {
      if (reader.status().state === state) return resolve()
      const stop = reader.onStatus((status) => {
        if (status.state !== state) return
        stop()
        resolve()
      })
    })
  }

  function read(reader: SocialCardReader, onProgress: (kind: SocialCardProgress['kind']) => void = () => undefined): Promise<Result<SocialCard, SocialCardError>> {
    return reader.read({ timeoutMs: CARD_LIMIT_MS }, ({ kind }) => onProgress(kind), new AbortController().signal)
  }
  const nameOf = (result: Result<SocialCard, SocialCardError>): string | SocialCardError => (result.ok ? result.value.name : result.error)

  test('one card after the other, each laid when the one before has left', async () => {
    const reader = await ready()
    expect(reader.readerName()).toContain('Sandbox Reader')
    for (const key of ['zhou-guilan', 'anna-sample'] as const) {
      const { content } = SOCIAL_CARDS[key]
      const progress: string[] = []
      const reading = read(reader, (kind) => void progress.push(kind))
      await card.command({ kind: 'insert', card: key })
      const result = await reading
      const dashed = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
      expect(result).toEqual({ ok: true, value: { region: '990101', version: '2.00', cardNumber: content.cardNumber, number: content.number, name: content.name, issued: dashed(content.issued), validTo: dashed(content.validTo) } })
      expect(progress).toEqual(['waiting', 'reading'])
      expect(card.state().verifies).toBe(0)
    }
    for (const secret of ['周桂兰', '990101', 'SAMPLE', 'D0000']) expect(log.join('\n')).not.toContain(secret)
  })

  test.each([{ lengths: 'whole', selects: 'plain', records: 'tag' }, { lengths: 'T0', selects: 'child', records: 'number' }] as const)('a card that answers $lengths, files $selects, records by $records', async (habits) => {
    const reader = await ready()
    await card.command({ kind: 'insert', card: 'lin-xiaowen', habits })
    expect(nameOf(await read(reader))).toBe('林晓雯')
  })

  test('a bank card', async () => {
    const reader = await ready()
    await card.command({ kind: 'insert', card: 'bank-card' })
    expect(nameOf(await read(reader))).toEqual({ kind: 'wrong-card', code: 'environment-SW6A82' })
    expect(reader.status().state).toBe('ready')
  })

  test('pulled in the middle, laid again and read', async () => {
    const reader = await ready()
    await card.command({ kind: 'insert', card: 'he-jianguo' })
    await card.command({ kind: 'pull-after', commands: 8 })
    expect(nameOf(await read(reader))).toMatchObject({ kind: 'card-pulled' })
    const again = read(reader)
    await card.command({ kind: 'insert', card: 'he-jianguo' })
    expect(nameOf(await again)).toBe('何建国')
  })

  test('the service dies in mid-wait and comes back: offline, then ready by itself', async () => {
    const reader = await ready(quickClock())
    const reading = read(reader)
    await pcscd.kill()
    expect(nameOf(await reading)).toMatchObject({ kind: 'reader-gone' })
    expect(reader.status().state).toBe('offline')
    await pcscd.start()
    await becomes(reader, 'ready')
    await card.command({ kind: 'insert', card: 'chen-zhiyuan' })
    expect(nameOf(await read(reader))).toBe('陈志远')
  })

  test('a card that falls silent in mid-reading: told after five seconds, nothing else stands still, and it is read when it is laid again', async () => {
    // A second instead of five: later pcscd itself calls a silent card gone.
    const reader = await ready(hurriedClock(5))
    let silent = false
    const stop = card.onChange(() => {
      if (silent || card.state().commands < 4) return
      silent = true
      void card.command({ kind: 'cable', silent: true })
    })
    const reading = read(reader)
    let beatsInSilence = 0
    const pulse = setInterval(() => {
      if (silent) beatsInSilence++
    }, 10)
    await card.command({ kind: 'insert', card: 'zhou-guilan' })
    const result = await reading
    clearInterval(pulse)
    stop()
    expect(nameOf(result)).toMatchObject({ kind: 'reader-fault' })
    expect(reader.status().state).toBe('fault')
    // Other work of the process goes on while the native call hangs: there is time for 100 beats, fewer on a busy machine.
    expect(beatsInSilence).toBeGreaterThan(5)
    await card.command({ kind: 'take-out' })
    await card.command({ kind: 'cable', clear: true })
    await becomes(reader, 'ready')
    await card.command({ kind: 'insert', card: 'zhou-guilan' })
    expect(nameOf(await read(reader))).toBe('周桂兰')
  })
})
