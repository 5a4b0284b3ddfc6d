import { describe, expect, test } from 'vitest'
import { VirtualReceiptPrinter } from '../../devices/receipt-printer/printer.ts'
import { createVirtualCardReader } from '../../devices/card-reader/virtual-card-reader.ts'
import { systemClock } from '../../../drivers/device-host/system-clock.ts'
import { VirtualPagePrinter } from '../../devices/page-printer/virtual-page-printer.ts'
import { createVirtualCodeScanner } from '../../devices/code-scanner/virtual-code-scanner.ts'
import { loadDemonstrationPages } from '../../devices/scanner/pages.ts'
import { VirtualScanner } from '../../devices/scanner/virtual-scanner.ts'
import { backendCommandSchema } from '../../backend/command.ts'
import type { BackendCommand } from '../../backend/command.ts'
import { repositoryCommandSchema } from '../../repository/server.ts'
import type { RepositoryCommand } from '../../repository/server.ts'
import { faultsOf, faultsOn, mendings } from './faults.ts'
import { nameAndRest } from './state-words.ts'
import type { States } from './things.ts'

const freePort = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const
const devices = {
  'card-reader': createVirtualCardReader({ address: freePort }),
  'receipt-printer': new VirtualReceiptPrinter({ address: freePort }),
  'page-printer': new VirtualPagePrinter({ clock: systemClock, pageMs: 5 }),
  'code-scanner': createVirtualCodeScanner({ address: freePort }),
  scanner: new VirtualScanner({ pages: loadDemonstrationPages() }),
}
const whole: Pick<States, 'backend' | 'repository'> = {
  backend: { running: true, url: undefined, faults: { slowMs: 0, fail5xx: 0, dropAfterCommit: 0, offline: false }, terminals: [], cases: [], uploads: [], evaluations: [] },
  repository: { fault: 'none', requests: 0 },
}

describe.each(['card-reader', 'receipt-printer', 'page-printer', 'code-scanner', 'scanner'] as const)('%s', (name) => {
  const device = devices[name] as unknown as { readonly commandSchema: { parse(value: unknown): never }; command(command: never): Promise<void>; state(): never; start(): Promise<void>; stop(): Promise<void> }
  test.each(faultsOf(name).map((fault) => [fault.id, fault] as const))('%s is seen when broken, gone when mended, and nothing else stays', async (_id, fault) => {
    await device.start()
    try {
      expect(fault.isOn(device.state())).toBe(false)
      await device.command(device.commandSchema.parse(JSON.parse(JSON.stringify(fault.breaking))))
      expect(fault.isOn(device.state())).toBe(true)
      await device.command(device.commandSchema.parse(JSON.parse(JSON.stringify(fault.mending))))
      expect(faultsOn(name, device.state())).toEqual([])
    } finally {
      await device.stop()
    }
  })
})

test.each(faultsOf('backend').map((fault) => [fault.id, fault] as const))('backend: %s is a command that it takes', (_id, fault) => {
  for (const command of [fault.breaking, fault.mending]) expect(backendCommandSchema.parse(command)).toEqual<BackendCommand>(command)
  expect(fault.isOn(whole.backend)).toBe(false)
})

test.each(faultsOf('repository').map((fault) => [fault.id, fault] as const))('repository: %s is a command that it takes', (_id, fault) => {
  for (const command of [fault.breaking, fault.mending]) expect(repositoryCommandSchema.parse(command)).toEqual<RepositoryCommand>(command)
  expect(fault.isOn(whole.repository)).toBe(false)
})

test('mending everything: one order for each thing that is broken, none when all is well', async () => {
  const { 'card-reader': reader, 'receipt-printer': printer, 'page-printer': pagePrinter, 'code-scanner': codeScanner, scanner } = devices
  const states = (): States => ({ 'card-reader': reader.state(), 'receipt-printer': printer.state(), 'page-printer': pagePrinter.state(), 'code-scanner': codeScanner.state(), scanner: scanner.state(), backend: { ...whole.backend, faults: { slowMs: 5000, fail5xx: 2, dropAfterCommit: 0, offline: true } }, repository: { fault: 'tamper', requests: 3 } })
  await Promise.all([reader.start(), printer.start(), pagePrinter.start(), codeScanner.start(), scanner.start()])
  await reader.command({ kind: 'unplug' })
  await printer.command({ kind: 'open-cover' })
  await scanner.command({ kind: 'break', fault: 'jam' })
  const orders = mendings(states())
  expect(orders.map(({ thing, command }) => `${thing} ${JSON.stringify(command)}`)).toEqual([
    'card-reader {"kind":"plug"}',
    'scanner {"kind":"mend","fault":"jam"}',
    'receipt-printer {"kind":"close-cover"}',
    'backend {"kind":"offline","on":false}',
    'backend {"kind":"fail-5xx","times":0}',
    'backend {"kind":"slow","ms":0}',
    'repository {"type":"fault","fault":"none"}',
  ])
  for (const { thing, command } of orders) if (thing === 'card-reader') await reader.command(command)
  await printer.command({ kind: 'close-cover' })
  await scanner.command({ kind: 'mend', fault: 'jam' })
  expect(mendings({ ...states(), ...whole })).toEqual([])
  // Faults of a cable go with one order, however many they are and by whichever button they came.
  await codeScanner.command({ kind: 'cable', silent: true, dropEvery: 3, plugged: false })
  expect(mendings({ ...states(), ...whole })).toEqual([{ thing: 'code-scanner', command: { kind: 'cable', clear: true } }, { thing: 'code-scanner', command: { kind: 'cable', plugged: true } }])
  await Promise.all([reader.stop(), printer.stop(), pagePrinter.stop(), codeScanner.stop(), scanner.stop()])
})

test('labels of cards come apart into name and rest', () => {
  const labels = devices['card-reader'].state().cards.map(({ label }) => label)
  expect(labels.map((label) => nameAndRest(label['zh-CN'])).slice(0, 5)).toEqual([
    { name: '周桂兰', rest: '退休职工' }, { name: '何建国', rest: '退休职工' }, { name: '陈志远', rest: '外来务工' }, { name: '林晓雯', rest: '母亲' }, { name: '陈志远的旧证', rest: '已过期' },
  ])
  expect(nameAndRest('Anna Sample, foreign permanent resident (2023 card)')).toEqual({ name: 'Anna Sample', rest: 'foreign permanent resident (2023 card)' })
  expect(nameAndRest('安娜，外国人永久居留（2023版）')).toEqual({ name: '安娜', rest: '外国人永久居留（2023版）' })
  expect(nameAndRest('A bank card')).toEqual({ name: 'A bank card', rest: '' })
})
