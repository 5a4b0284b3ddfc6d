import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sandboxConfig } from '../../core/config/sandbox-config.ts'
import { describeRefusal, loadConfig } from './config.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(content: string | Uint8Array): ReturnType<typeof loadConfig> {
  const file = join(folder, 'kiosk.config.json')
  await writeFile(file, content)
  return loadConfig(file, {})
}
async function sentencesOf(loading: ReturnType<typeof loadConfig>): Promise<readonly string[]> {
  const loaded = await loading
  return loaded.ok ? [] : loaded.error.sentences.map((sentence) => sentence.en)
}

const written = sandboxConfig({ dataFolder: 'data', rootFile: '../root.json' })

describe('the configuration of a terminal', () => {
  it('is read from the named file, and its relative paths start there', async () => {
    const loaded = await load(JSON.stringify(written))
    expect(loaded.ok && [loaded.value.source, loaded.value.config.dataFolder, loaded.value.config.repository.rootFile]).toEqual(['file', join(folder, 'data'), resolve(folder, '../root.json')])
  })

  it('is read from KIOSK_CONFIG when no path is given; the path wins', async () => {
    const file = join(folder, 'named.json')
    await writeFile(file, JSON.stringify(written))
    expect((await loadConfig(undefined, { KIOSK_CONFIG: file })).ok).toBe(true)
    expect((await loadConfig(file, { KIOSK_CONFIG: join(folder, 'missing.json') })).ok).toBe(true)
  })

  it('is the built-in one, pointing at the sandbox, when nothing is named', async () => {
    const loaded = await loadConfig(undefined, { KIOSK_SANDBOX_PORTS: 'reader=5001, backend=5002', KIOSK_DATA_FOLDER: folder })
    if (!loaded.ok) throw new Error('refused')
    expect(loaded.value.source).toBe('built-in')
    expect(loaded.value.config.dataFolder).toBe(folder)
    expect(loaded.value.config.backend.url).toBe('http://127.0.0.1:5002')
    expect(loaded.value.config.devices[0]?.address).toMatchObject({ kind: 'tcp', port: 5001 })
    expect(loaded.value.config.terminal).toMatchObject({ id: 'DEMO-990101-0001', demonstration: true })
  })

  it('with a wrong port of the sandbox is refused', async () => {
    expect((await sentencesOf(loadConfig(undefined, { KIOSK_SANDBOX_PORTS: 'reader=99999' })))[0]).toContain('KIOSK_SANDBOX_PORTS: found "reader=99999"')
    expect(await sentencesOf(loadConfig(undefined, { KIOSK_SANDBOX_PORTS: 'camera=1' }))).toHaveLength(1)
  })

  it('tells a syntax error with line and column', async () => {
    const loaded = await load('{\n  "terminal": {\n    "id": "DEMO-1"\n    "name": 1\n  }\n}')
    expect(loaded.ok ? undefined : loaded.error).toMatchObject({ kind: 'syntax', sentences: [{ en: 'Line 4, column 5: A comma (,) or a closing brace (}) should stand here.', 'zh-CN': '第 4 行第 5 列：这里应当有逗号（英文 ,）或右花括号 }。' }] })
  })

  it('tells every mistake at once', async () => {
    const loaded = await load(JSON.stringify({ ...written, languages: ['fr'], screen: { ...written.screen, widthMm: -1 } }))
    if (loaded.ok) throw new Error('accepted')
    expect(describeRefusal(loaded.error).en).toBe(`The configuration file ${join(folder, 'kiosk.config.json')} has 2 mistake(s):\n  - screen.widthMm: found -1; allowed: a number above 0.\n  - languages[0]: found "fr"; allowed: "zh-CN", "en".`)
  })

  it('that is not there, is a folder, or is not UTF-8 is refused with a sentence', async () => {
    expect(await sentencesOf(loadConfig(join(folder, 'no.json'), {}))).toEqual(['There is no such file; check the path.'])
    expect(await sentencesOf(loadConfig(folder, {}))).toEqual(['This is a folder; name the file in it.'])
    expect(await sentencesOf(load(new Uint8Array([0x7b, 0xd6, 0xd0, 0x7d])))).toEqual(['The file is not UTF-8; save it as UTF-8.'])
  })

  it('names a printer profile that this program does not have, with those that it has', async () => {
    const file = join(folder, 'profile.json')
    await writeFile(file, JSON.stringify({ ...written, devices: written.devices.map((device) => (device.class === 'receipt-printer' ? { ...device, profile: 'epson' } : device)) }))
    const assets = new URL('../../assets/', import.meta.url)
    const [sentence] = await sentencesOf(loadConfig(file, {}, assets))
    expect(sentence).toMatch(/^devices\[1\]\.profile: found "epson" \(there is no printer profile of this name\); allowed: .*"escpos-80"/)
    await writeFile(file, JSON.stringify(written))
    expect((await loadConfig(file, {}, assets)).ok).toBe(true)
  })

  it('finds the accounts of staff beside itself', async () => {
    const loaded = await load(JSON.stringify({ ...written, staff: { accountsFile: 'staff.json' } }))
    expect(loaded.ok && loaded.value.config.staff?.accountsFile).toBe(join(folder, 'staff.json'))
  })
})
