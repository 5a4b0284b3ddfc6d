import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import { Cable, cableCommandSchema } from '../../devices/cable.ts'
import { areFit, CABLE_FAULTS, cableFaultsOn, presetsOf } from './cable-faults.ts'

function cable(): Cable {
  return new Cable({ clock: new SimulatedClock(), random: () => 0.5, door: { open: () => Promise.resolve(), close: () => Promise.resolve(), write: () => undefined } })
}

describe('faults of the cable', () => {
  test.each(CABLE_FAULTS.map((fault) => [fault.id, fault] as const))('%s is switched on as it stands there, told as it is, and gone when switched off or cleared', async (_id, fault) => {
    const one = cable()
    await one.plug()
    const presets = presetsOf(fault)
    expect(areFit(fault, presets)).toBe(true)
    expect(cableFaultsOn(one.state())).toEqual([])
    const on = cableCommandSchema.parse(JSON.parse(JSON.stringify({ kind: 'cable', ...fault.switchOn(presets) })))
    await one.command(on)
    expect(cableFaultsOn(one.state())).toEqual([fault])
    expect(fault.now(one.state())).toEqual(fault.settings.map(({ preset }) => preset))
    await one.command(cableCommandSchema.parse(JSON.parse(JSON.stringify({ kind: 'cable', ...fault.off }))))
    expect(cableFaultsOn(one.state())).toEqual([])
    await one.command(on)
    await one.command({ kind: 'cable', clear: true })
    expect(cableFaultsOn(one.state())).toEqual([])
    await one.stop()
  })

  test('what a person may type is what the cable takes', () => {
    for (const fault of CABLE_FAULTS) {
      for (const setting of fault.settings) {
        if (setting.kind !== 'number') continue
        for (const value of [setting.least, setting.most]) expect(cableCommandSchema.safeParse({ kind: 'cable', ...fault.switchOn({ ...presetsOf(fault), [setting.name]: value }) }).success, `${fault.id} ${value}`).toBe(true)
        expect([setting.least - 1, setting.most + 1, 1.5, ''].map((value) => areFit(fault, { ...presetsOf(fault), [setting.name]: value }))).toEqual([false, false, false, false])
      }
    }
  })

  test('every fault that the cable takes is there, and in the table of the documentation', () => {
    const settings = Object.keys(cableCommandSchema.shape).filter((name) => !['kind', 'clear', 'plugged', 'path', 'unplugCounts'].includes(name))
    expect(CABLE_FAULTS.map(({ id }) => id).sort()).toEqual(settings.sort())
    const table = readFileSync(new URL('../../../docs/devices.md', import.meta.url), 'utf8')
    for (const name of settings) expect(table).toContain(`\`${name}\``)
  })
})
