import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { BUNDLE_FOLDER, makeBundle } from './bundle.ts'

let folder: string
const clock = new SimulatedClock()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-bundle-'))
  mkdirSync(join(folder, 'log'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function made(facts: Readonly<Record<string, unknown>>) {
  const identity = await generateX25519Identity()
  const bundle = await makeBundle({ dataFolder: folder, logs: join(folder, 'log'), facts, recipient: await identityToRecipient(identity), terminalId: 'DEMO-990101-0001', clock })
  const sealed = readFileSync(bundle.file)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const files = Object.fromEntries(Object.entries(unzipSync(await decrypter.decrypt(sealed))).map(([name, bytes]) => [name, strFromU8(bytes)]))
  return { bundle, sealed, files }
}

describe('the diagnostic bundle', () => {
  it('can be opened by its recipient, and is for this user alone', async () => {
    writeFileSync(join(folder, 'log', 'kiosk-2026-01-01.1.jsonl'), '{"event":"app.ready"}\n{"event":"app.stopping"}\n')
    const { bundle, sealed, files } = await made({ 'versions.json': { software: '0.1.0' } })
    expect(statSync(bundle.file).mode & 0o777).toBe(0o600)
    expect(bundle.bytes).toBe(sealed.length)
    expect(sealed.toString('latin1')).toMatch(/^age-encryption.org/)
    expect(sealed.includes('app.ready')).toBe(false)
    expect(files).toEqual({ 'versions.json': '{\n  "software": "0.1.0"\n}\n', 'log/kiosk-2026-01-01.1.jsonl': '{"event":"app.ready"}\n{"event":"app.stopping"}\n' })
  })

  it('holds nothing of a citizen, even when logs and facts do', async () => {
    const canaries = ['990101195803120027', '周桂兰', '13800000000']
    writeFileSync(join(folder, 'log', 'kiosk-2026-01-01.1.jsonl'), `{"event":"ok"}\n${canaries.map((canary) => `{"event":"bad","x":"${canary}"}`).join('\n')}\n`)
    writeFileSync(join(folder, 'log', 'other.txt'), canaries.join('\n'))
    const { files } = await made({ 'devices.json': { fine: 'ready', list: [canaries[0], { deep: canaries[1], [canaries[2] ?? '']: 1 }] } })
    const all = JSON.stringify(files)
    for (const canary of canaries) expect(all).not.toContain(canary)
    expect(all).toContain('ready')
    expect(files['log/kiosk-2026-01-01.1.jsonl']?.split('\n').filter((line) => line.includes('withheld'))).toHaveLength(3)
  })

  it('takes the newest lines of a long log, whole', async () => {
    const line = `{"event":"device.note","detail":"${'x'.repeat(100)}"}\n`
    writeFileSync(join(folder, 'log', 'kiosk-2026-01-01.1.jsonl'), '{"event":"older"}\n'.repeat(2000))
    writeFileSync(join(folder, 'log', 'kiosk-2026-01-02.1.jsonl'), `{"event":"first"}\n${line.repeat(180_000)}{"event":"last"}\n`)
    const { files } = await made({})
    expect(Object.keys(files)).toEqual(['log/kiosk-2026-01-02.1.jsonl'])
    const text = files['log/kiosk-2026-01-02.1.jsonl'] ?? ''
    expect(text.endsWith('{"event":"last"}\n')).toBe(true)
    expect(text).not.toContain('first')
    expect(new Set(text.trimEnd().split('\n').map((one) => one.length)).size).toBe(2)
    expect(text.length).toBeGreaterThan(19_000_000)
  })

  it('keeps the last five', async () => {
    for (let round = 0; round < 7; round++) {
      await clock.advance(1000)
      await made({})
    }
    const kept = readdirSync(join(folder, BUNDLE_FOLDER))
    expect(kept).toHaveLength(5)
    expect(kept.at(-1)).toContain('080007')
  })
})
