import type { LocalText } from '../../../core/text/local-text.ts'
import type { CableCommand, CableState } from '../../devices/cable.ts'
import { words } from './words.ts'

/** What a fault of the cable can be set to: a number within its bounds, or one of two ends of the line. */
export type CableSetting =
  | { readonly kind: 'number'; readonly name: string; readonly label: LocalText; readonly preset: number; readonly least: number; readonly most: number }
  | { readonly kind: 'choice'; readonly name: string; readonly label: LocalText; readonly preset: string; readonly choices: readonly { readonly value: string; readonly label: LocalText }[] }
export type CableValues = Readonly<Record<string, number | string>>

/** A fault that every cable can have; the table in docs/devices.md has the same ones. */
export interface CableFault {
  readonly id: string
  readonly label: LocalText
  readonly settings: readonly CableSetting[]
  readonly isOn: (cable: CableState) => boolean
  /** What it is set to now, in the order of its settings. */
  readonly now: (cable: CableState) => readonly (number | string)[]
  readonly switchOn: (values: CableValues) => Omit<CableCommand, 'kind'>
  readonly off: Omit<CableCommand, 'kind'>
}

const LONGEST_WAIT_MS = 600_000
const MOST = 10_000_000
const MS = words('毫秒', 'ms')
const BYTES = words('字节', 'bytes')

function number(name: string, label: LocalText, preset: number, most: number, least = 1): CableSetting {
  return { kind: 'number', name, label, preset, least, most }
}

type CountName = 'mergeMs' | 'delayMs' | 'lateMs' | 'dropNext' | 'dropEvery' | 'corruptNext' | 'corruptOneIn' | 'repeatNext' | 'flood' | 'bytesPerSecond'
function counted(name: CountName, label: LocalText, unit: LocalText, preset: number, most = MOST): CableFault {
  return {
    id: name, label, settings: [number(name, unit, preset, most)],
    isOn: (cable) => cable[name] > 0, now: (cable) => [cable[name]], switchOn: (values) => ({ [name]: values[name] }), off: { [name]: 0 },
  }
}

function switched(name: 'silent' | 'noise', label: LocalText): CableFault {
  return { id: name, label, settings: [], isOn: (cable) => cable[name], now: () => [], switchOn: () => ({ [name]: true }), off: { [name]: false } }
}

export const CABLE_FAULTS: readonly CableFault[] = [
  {
    id: 'split', label: words('拆成小段', 'In pieces'), settings: [number('pieceBytes', BYTES, 1, 65_536), number('gapMs', MS, 5, LONGEST_WAIT_MS, 0)],
    isOn: ({ split }) => split !== null, now: ({ split }) => (split === null ? [] : [split.pieceBytes, split.gapMs]),
    switchOn: ({ pieceBytes, gapMs }) => ({ split: { pieceBytes: Number(pieceBytes), gapMs: Number(gapMs) } }), off: { split: null },
  },
  counted('mergeMs', words('并成一段', 'Joined'), MS, 200, LONGEST_WAIT_MS),
  counted('delayMs', words('全都晚到', 'All of it late'), MS, 1500, LONGEST_WAIT_MS),
  counted('lateMs', words('下一个回答晚到', 'Next answer late'), MS, 8000, LONGEST_WAIT_MS),
  counted('dropNext', words('丢掉后面几段', 'Next ones lost'), words('段', 'chunks'), 1),
  counted('dropEvery', words('每几段丢一段', 'One in so many lost'), words('段', 'chunks'), 5),
  counted('corruptNext', words('后面几个字节出错', 'Next bytes wrong'), BYTES, 3),
  counted('corruptOneIn', words('每多少字节错一个', 'One byte in so many wrong'), BYTES, 50),
  counted('repeatNext', words('后面几段来两遍', 'Next ones twice'), words('段', 'chunks'), 1),
  switched('silent', words('什么也不到', 'Nothing arrives')),
  switched('noise', words('前后有杂散字节', 'Stray bytes around')),
  counted('flood', words('自己冒出杂散字节', 'Stray bytes by themselves'), words('字节/秒', 'bytes/s'), 2000),
  counted('bytesPerSecond', words('限制线速', 'Slow line'), words('字节/秒', 'bytes/s'), 960),
  {
    id: 'unplugAfterBytes', label: words('传到一半脱落', 'Plug out in mid-frame'),
    settings: [number('unplugAfterBytes', BYTES, 20, MOST, 0), {
      kind: 'choice', name: 'unplugCounts', label: words('计数', 'counted'), preset: 'out',
      choices: [{ value: 'out', label: words('设备说的', 'said by the device') }, { value: 'in', label: words('设备听的', 'told to the device') }],
    }],
    isOn: ({ unplugAfterBytes }) => unplugAfterBytes !== null, now: ({ unplugAfterBytes, unplugCounts }) => [unplugAfterBytes ?? 0, unplugCounts],
    switchOn: ({ unplugAfterBytes, unplugCounts }) => ({ unplugAfterBytes: Number(unplugAfterBytes), unplugCounts: unplugCounts === 'in' ? 'in' : 'out' }), off: { unplugAfterBytes: null },
  },
  {
    id: 'replugAfterMs', label: words('脱落后自己插回', 'Plugs itself in again'), settings: [number('replugAfterMs', MS, 3000, LONGEST_WAIT_MS, 0)],
    isOn: ({ replugAfterMs }) => replugAfterMs !== null, now: ({ replugAfterMs }) => [replugAfterMs ?? 0],
    switchOn: ({ replugAfterMs }) => ({ replugAfterMs: Number(replugAfterMs) }), off: { replugAfterMs: null },
  },
]

/** The faults that the cable has now; a plug that is out is none of them. */
export function cableFaultsOn(cable: CableState): readonly CableFault[] {
  return CABLE_FAULTS.filter((fault) => fault.isOn(cable))
}

/** What each setting begins with. */
export function presetsOf(fault: CableFault): Record<string, number | string> {
  return Object.fromEntries(fault.settings.map(({ name, preset }) => [name, preset]))
}

/** Whether every setting is a whole number within its bounds, or one of its choices. */
export function areFit(fault: CableFault, values: CableValues): boolean {
  return fault.settings.every((setting) => {
    const value = values[setting.name]
    if (setting.kind === 'choice') return setting.choices.some((choice) => choice.value === value)
    return Number.isInteger(value) && Number(value) >= setting.least && Number(value) <= setting.most
  })
}
