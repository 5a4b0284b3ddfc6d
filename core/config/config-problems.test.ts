import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CONFIG_HINTS } from './config-hints.ts'
import type { ConfigProblem } from './config-problems.ts'
import { checkConfig, checkProfiles } from './config-problems.ts'
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
      'devices[1].class: found "printer"; allowed: "id-card", "code-scanner", "social-card", "receipt-printer", "page-printer", "document-scanner", "document-camera".',
    ])
    expect(problems.map((problem) => problem.sentence['zh-CN'])).toEqual([
      'terminal.id：现在是 "demo"；允许：4 到 40 位大写字母、数字或短横线，例如 DEMO-990101-0001。',
      'languages[1]：现在是 "fr"；允许："zh-CN"、"en"。',
      'contact.phone：这里没有填写；允许：用双引号括起来的文字。',
      'devices[0].address.port：现在是 70000；允许：至多 65535。',
      'devices[1].class：现在是 "printer"；允许："id-card"、"code-scanner"、"social-card"、"receipt-printer"、"page-printer"、"document-scanner"、"document-camera"。',
    ])
  })

  it.each<[string, Changes, string]>([
    ['a misspelt name', { 'screen.widthMM': 3 }, 'screen.widthMM: found 3 (there is no setting of this name here; check the spelling); allowed: only the names that the published schema lists.'],
    ['a baud rate that no reader has', { 'devices.0.address': { kind: 'serial', path: 'COM3', baud: 14400 } }, 'devices[0].address.baud: found 14400; allowed: "probe" or 115200 or 57600 or 38400 or 19200 or 9600.'],
    ['an address of an unknown kind', { 'devices.0.address': { kind: 'bluetooth' } }, 'devices[0].address.kind: found "bluetooth"; allowed: "serial", "tcp", "hid", "usb".'],
    ['an address of another class', { 'devices.1.address': { kind: 'hid', vendorId: 1, productId: 2, envelope: 'raw' } }, 'devices[1].address.kind: found "hid" (a device of class "receipt-printer" is not reached in this way); allowed: "serial", "tcp", "usb-printer".'],
    ['an address of another class that has only one', { 'devices.3': { id: 'a4', class: 'page-printer', address: { kind: 'tcp', host: 'a4', port: 9100 } } }, 'devices[3].address.kind: found "tcp" (a device of class "page-printer" is not reached in this way); allowed: "ipp".'],
    ['a printer at an address without a protocol', { 'devices.3': { id: 'a4', class: 'page-printer', address: { kind: 'ipp', url: '192.168.1.22' } } }, 'devices[3].address.url: found "192.168.1.22"; allowed: an address that begins with http:// or https:// (for A4 printers also ipp:// or ipps://), for example http://192.168.1.20/eSCL or ipp://192.168.1.22/ipp/print.'],
    ['a setting of another class', { 'devices.0.dpi': 300 }, 'devices[0].dpi: found 300 (there is no setting of this name here; check the spelling); allowed: only the names that the published schema lists.'],
    ['an envelope that no reader has', { 'devices.0.address': { kind: 'hid', vendorId: 1, productId: 2, envelope: 'b' } }, 'devices[0].address.envelope: found "b"; allowed: "raw", "miaxis", "deke", "stx".'],
    ['an id of USB in quotation marks', { 'devices.0.address': { kind: 'hid', vendorId: '0483', productId: 2, envelope: 'raw' } }, 'devices[0].address.vendorId: found "0483"; allowed: a number.'],
    ['an ability that the device does not have', { 'devices.1.serves': ['print-receipt', 'identify'] }, 'devices[1].serves[1]: found "identify" (a device of class "receipt-printer" cannot do this); allowed: "print-receipt", or an empty list.'],
    ['an ability that does not exist', { 'devices.1.serves': ['fax'] }, 'devices[1].serves[0]: found "fax"; allowed: "identify", "scan-code", "read-social-card", "print-receipt", "print-pages", "scan-pages".'],
    ['hours with a fault inside', { 'hours': { open: '8:30', close: '17:30' } }, 'hours.open: found "8:30"; allowed: a time of day on the 24-hour clock, for example 08:30.'],
    ['hours of another kind', { 'hours': 9 }, 'hours: found 9; allowed: a group of settings { … } or "24h".'],
    ['an address without a protocol', { 'backend.url': 'one-window' }, 'backend.url: found "one-window"; allowed: an address that begins with http:// or https://, for example https://one-window.example/api.'],
    ['an empty list', { 'languages': [] }, 'languages: found []; allowed: at least 1 entry.'],
    ['a screen without size', { 'screen.heightMm': 0 }, 'screen.heightMm: found 0; allowed: a number above 0.'],
    ['a broken number', { 'screen.widthPx': 1080.5 }, 'screen.widthPx: found 1080.5; allowed: a whole number.'],
    ['a port that is a text', { 'pageHost.port': '8080' }, 'pageHost.port: found "8080"; allowed: "auto" or a number.'],
    ['an id that is used twice', { 'devices.1.id': 'card-reader' }, 'devices[1].id: found "card-reader" (the same id is used twice); allowed: an id of its own for each device.'],
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

describe('two devices behind one door', () => {
  const reader = (address: object, id = 'r'): object => ({ id, class: 'id-card', address })
  const code = (address: object, id = 'c'): object => ({ id, class: 'code-scanner', address })
  const receipt = (address: object, id = 'p'): object => ({ id, class: 'receipt-printer', address, profile: 'escpos-80' })
  const pages = (url: string, id = 'a'): object => ({ id, class: 'page-printer', address: { kind: 'ipp', url } })
  const hid = (serialNumber?: string): object => ({ kind: 'hid', vendorId: 1155, productId: 22352, envelope: 'raw', ...(serialNumber === undefined ? {} : { serialNumber }) })
  const card = (id: string, name?: string): object => ({ id, class: 'social-card', address: { kind: 'pcsc', ...(name === undefined ? {} : { reader: name }) } })
  const camera = (id: string, label?: string): object => ({ id, class: 'document-camera', address: { kind: 'camera', ...(label === undefined ? {} : { label }) } })

  it.each<[string, readonly object[], string | undefined]>([
    ['the same serial port', [reader({ kind: 'serial', path: 'COM3' }), receipt({ kind: 'serial', path: 'COM3' })], 'devices[1].address.path: found "COM3" (the device "r" already uses it); allowed: another port.'],
    ['the same printer node', [receipt({ kind: 'usb-printer', path: '/dev/usb/lp0' }), receipt({ kind: 'usb-printer', path: '/dev/usb/lp0' }, 'q')], 'devices[1].address.path: found "/dev/usb/lp0" (the device "p" already uses it); allowed: another device node.'],
    ['the same host and port', [reader({ kind: 'tcp', host: 'LOCALHOST', port: 9100 }), receipt({ kind: 'tcp', host: 'localhost', port: 9100 })], 'devices[1].address.port: found 9100 (the device "r" already uses it); allowed: another port.'],
    ['two ports of one host', [reader({ kind: 'tcp', host: 'localhost', port: 9101 }), receipt({ kind: 'tcp', host: 'localhost', port: 9100 })], undefined],
    ['the same USB id without serial numbers', [reader(hid()), code({ kind: 'hid-pos', vendorId: 1155, productId: 22352 })], 'devices[1].address.productId: found 22352 (the device "r" already uses it); allowed: another device; give each of two of the same model its serialNumber.'],
    ['the same USB id, told apart by one serial number only', [reader(hid('A')), reader(hid(), 's')], 'devices[1].address.productId: found 22352 (the device "r" already uses it); allowed: another device; give each of two of the same model its serialNumber.'],
    ['the same USB id with two serial numbers', [reader(hid('A')), reader(hid('B'), 's')], undefined],
    ['one printer under two addresses', [pages('ipp://Printer/ipp/print'), pages('http://printer:631/ipp/print/', 'b')], 'devices[1].address.url: found "http://printer:631/ipp/print/" (the device "a" already uses it); allowed: the address of another device.'],
    ['two queues of one computer', [pages('ipp://localhost/printers/a'), pages('ipp://localhost/printers/b', 'b')], undefined],
    ['the first card reader, and one by name', [card('a'), card('b', 'ACS')], 'devices[1].address.reader: found "ACS" (the device "a" already uses it); allowed: a different "reader" for each of two card readers.'],
    ['two card readers by name', [card('a', 'ACS'), card('b', 'Identiv')], undefined],
    ['a camera label within another', [camera('a', '1b17:0211'), camera('b', '1b17')], 'devices[1].address.label: found "1b17" (the device "a" already uses it); allowed: a different "label" for each of two cameras.'],
    ['two keyboards', [code({ kind: 'keyboard' }), code({ kind: 'keyboard' }, 'd')], 'devices[1].address: found {"kind":"keyboard"} (the device "c" already uses it); allowed: only one scanner of a terminal may type like a keyboard.'],
  ])('%s', (_name, devices, sentence) => expect(english({ devices })).toEqual(sentence === undefined ? [] : [sentence]))

  it('are told together with everything else that is wrong with devices', () => {
    expect(problemsAfter({ devices: [card('a'), card('a')] }).map((problem) => problem.path)).toEqual(['devices[1].id', 'devices[1].address.reader'])
  })
})

describe('printer profiles', () => {
  it('that do not exist are told with those that do', () => {
    const config = kioskConfigSchema.parse({ ...good(), devices: [{ id: 'p', class: 'receipt-printer', address: { kind: 'serial', path: 'COM1' }, profile: 'epson' }] })
    const checked = checkProfiles(config, ['escpos-58', 'escpos-80'])
    expect(checked.ok ? [] : checked.error.map((problem) => problem.sentence)).toEqual([
      { 'zh-CN': 'devices[0].profile：现在是 "epson"，没有名为它的打印机型号文件；允许："escpos-58"、"escpos-80"。', en: 'devices[0].profile: found "epson" (there is no printer profile of this name); allowed: "escpos-58", "escpos-80".' },
    ])
    expect(checkProfiles(config, ['epson']).ok).toBe(true)
  })
})
