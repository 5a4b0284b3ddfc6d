import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CONFIG_HINTS } from './config-hints.ts'
import type { ConfigProblem } from './config-problems.ts'
import { checkConfig } from './config-problems.ts'
import { kioskConfigSchema } from './kiosk-config.ts'
import { sandboxConfig } from './sandbox-config.ts'

const good = (): ReturnType<typeof sandboxConfig> => structuredClone(sandboxConfig({ dataFolder: 'data', rootFile: 'root.json' }))

/** Places and what is written there; `undefined` takes the setting away. */
type Changes = Readonly<Record<string, unknown>>

/** The built-in configuration with some changes, and what is said about them. */
function problemsAfter(changes: Changes): readonly ConfigProblem[] {
  const config: unknown = good()
  for (const [place, value] of Object.entries(changes)) {
    const names = place.split('.')
    const last = names.pop() ?? ''
    const parent = names.reduce((node, name) => Reflect.get(node as object, name) as unknown, config) as object
    if (value === undefined) Reflect.deleteProperty(parent, last)
    else Reflect.set(parent, last, value)
  }
  const checked = checkConfig(config)
  return checked.ok ? [] : checked.error
}
const english = (changes: Changes): readonly string[] => problemsAfter(changes).map((problem) => problem.sentence.en)

describe('mistakes in a configuration', () => {
  it('are none in the built-in one', () => {
    expect(checkConfig(good()).ok).toBe(true)
  })

  it('are told all at once, each with its path, what was found and what is allowed, in both languages', () => {
    const problems = problemsAfter({
      'terminal.id': 'demo',
      'devices.0.address.port': 70_000,
      'devices.1.class': 'printer',
      'contact.phone': undefined,
      languages: ['zh-CN', 'fr'],
    })
    expect(problems.map((problem) => problem.path)).toEqual(['terminal.id', 'languages[1]', 'contact.phone', 'devices[0].address.port', 'devices[1].class'])
    expect(problems.map((problem) => problem.sentence.en)).toEqual([
      'terminal.id: found "demo"; allowed: 4 to 40 capital letters, digits or hyphens, for example DEMO-990101-0001.',
      'languages[1]: found "fr"; allowed: "zh-CN", "en".',
      'contact.phone: nothing stands here; allowed: a text in double quotation marks.',
      'devices[0].address.port: found 70000; allowed: at most 65535.',
      'devices[1].class: found "printer"; allowed: "id-card", "receipt-printer", "document-scanner".',
    ])
    expect(problems.map((problem) => problem.sentence['zh-CN'])).toEqual([
      'terminal.id：现在是 "demo"；允许：4 到 40 位大写字母、数字或短横线，例如 DEMO-990101-0001。',
      'languages[1]：现在是 "fr"；允许："zh-CN"、"en"。',
      'contact.phone：这里没有填写；允许：用双引号括起来的文字。',
      'devices[0].address.port：现在是 70000；允许：至多 65535。',
      'devices[1].class：现在是 "printer"；允许："id-card"、"receipt-printer"、"document-scanner"。',
    ])
  })

  it.each<[string, Changes, string]>([
    ['a misspelt name', { 'screen.widthMM': 3 }, 'screen.widthMM: found 3 (there is no setting of this name here; check the spelling); allowed: only the names that the published schema lists.'],
    ['a baud rate that no reader has', { 'devices.0.address': { kind: 'serial', path: 'COM3', baud: 14400 } }, 'devices[0].address.baud: found 14400; allowed: "probe" or 115200 or 57600 or 38400 or 19200 or 9600.'],
    ['an address of an unknown kind', { 'devices.0.address': { kind: 'usb' } }, 'devices[0].address.kind: found "usb"; allowed: "serial", "tcp", "hid".'],
    ['hours with a fault inside', { 'hours': { open: '8:30', close: '17:30' } }, 'hours.open: found "8:30"; allowed: a time of day on the 24-hour clock, for example 08:30.'],
    ['hours of another kind', { 'hours': 9 }, 'hours: found 9; allowed: a group of settings { … } or "24h".'],
    ['an address without a protocol', { 'backend.url': 'one-window' }, 'backend.url: found "one-window"; allowed: an address that begins with http:// or https://, for example https://one-window.example/api.'],
    ['an empty list', { 'languages': [] }, 'languages: found []; allowed: at least 1 entry.'],
    ['a screen without size', { 'screen.heightMm': 0 }, 'screen.heightMm: found 0; allowed: a number above 0.'],
    ['a broken number', { 'screen.widthPx': 1080.5 }, 'screen.widthPx: found 1080.5; allowed: a whole number.'],
    ['a port that is a text', { 'pageHost.port': '8080' }, 'pageHost.port: found "8080"; allowed: "auto" or a number.'],
    ['an id that is used twice', { 'devices.1.id': 'card-reader' }, 'devices[1].id: found "card-reader" (the same id is used twice); allowed: values that differ from each other.'],
  ])('%s', (_name, changes, sentence) => expect(english(changes)).toEqual([sentence]))

  it('of the whole file are told too', () => {
    const checked = checkConfig([])
    expect(checked.ok ? [] : checked.error.map((problem) => problem.sentence.en)).toEqual(['the whole file: found []; allowed: a group of settings { … }.'])
  })
})

describe('hints', () => {
  it('exist for every pattern in the schema, and for nothing that is not there', () => {
    const patterned = new Set<string>()
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const schema = node as { readonly properties?: Record<string, unknown>; readonly items?: unknown; readonly anyOf?: unknown[]; readonly oneOf?: unknown[] }
      if ('pattern' in schema || 'format' in schema) patterned.add(path)
      for (const [name, inner] of Object.entries(schema.properties ?? {})) walk(inner, path === '' ? name : `${path}.${name}`)
      walk(schema.items, `${path}[]`)
      for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) walk(branch, path)
    }
    walk(z.toJSONSchema(kioskConfigSchema, { io: 'input' }), '')
    expect([...patterned].sort()).toEqual(Object.keys(CONFIG_HINTS).sort())
  })
})
