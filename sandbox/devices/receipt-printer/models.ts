/** Models whose bytes differ; named after those whose manuals the facts quote. */
export const PRINTER_MODELS = ['standard', 'vkp80', 'reliance', 'ppu-700', 'ur056'] as const
export type PrinterModel = (typeof PRINTER_MODELS)[number]

export interface ModelTraits {
  /** Answers GS ( H. */
  readonly answersProcessId: boolean
  /** Obeys DLE DC4 08 and says so. */
  readonly clearsAndSays: boolean
  /** DLE ENQ 2 clears also at paper end; others take it in a cutter error only. */
  readonly clearsAtPaperEnd: boolean
  /** GS e holds tickets out. */
  readonly presenter: boolean
  readonly bin: boolean
  /** A cut ticket stays at the output, where a sensor sees it, without any command. */
  readonly holdsAfterCut: boolean
  readonly answersFullStatus: boolean
}

const STANDARD: ModelTraits = { answersProcessId: true, clearsAndSays: true, clearsAtPaperEnd: false, presenter: false, bin: false, holdsAfterCut: false, answersFullStatus: false }

export const MODEL_TRAITS: Readonly<Record<PrinterModel, ModelTraits>> = {
  standard: STANDARD,
  vkp80: { ...STANDARD, answersProcessId: false, clearsAndSays: false, presenter: true, answersFullStatus: true },
  reliance: { ...STANDARD, answersProcessId: false, clearsAndSays: false, presenter: true, bin: true, answersFullStatus: true },
  'ppu-700': { ...STANDARD, answersProcessId: false, holdsAfterCut: true },
  ur056: { ...STANDARD, answersProcessId: false, clearsAndSays: false, clearsAtPaperEnd: true },
}

/** What is true of the printer when it is asked. */
export interface PrinterFacts {
  readonly stopped: boolean
  readonly coverOpen: boolean
  readonly paperOut: boolean
  readonly nearEnd: boolean
  readonly cutterJammed: boolean
  readonly jammed: boolean
  readonly hot: boolean
  readonly ticketAtOutput: boolean
  readonly motorOn: boolean
}

type Flag = readonly [boolean, number]
const bits = (base: number, ...flags: readonly Flag[]): number => flags.reduce((byte, [on, bit]) => (on ? byte | bit : byte), base)

/** Answer to `10 04 n`, by the model's own table. */
export function statusAnswer(model: PrinterModel, n: number, facts: PrinterFacts): Uint8Array {
  const { stopped, coverOpen, paperOut, nearEnd, cutterJammed, jammed, hot, ticketAtOutput, motorOn } = facts
  // Reliance has no bits that are always the same.
  const base = model === 'reliance' ? 0x00 : 0x12
  switch (n) {
    case 1:
      return Uint8Array.of(bits(base, [stopped, 0x08]))
    case 2:
      return Uint8Array.of(bits(base, [coverOpen, 0x04], [paperOut, 0x20], [cutterJammed || jammed || hot, 0x40]))
    case 3:
      return Uint8Array.of(bits(base, [jammed, 0x04], [cutterJammed, 0x08], [hot, 0x40]))
    case 4:
      if (model === 'ur056') return Uint8Array.of(bits(base, [!paperOut, 0x0c]))
      if (model === 'ppu-700') return Uint8Array.of(bits(base, [nearEnd, 0x04], [paperOut, 0x20], [ticketAtOutput, 0x40]))
      return Uint8Array.of(bits(base, [nearEnd, 0x0c], [paperOut, 0x60]))
    case 6:
      return Uint8Array.of(bits(base, [jammed, 0x20]))
    case 0x11:
      return Uint8Array.of(bits(base, [motorOn, 0x04], [paperOut, 0x20]))
    case 0x14:
      if (!MODEL_TRAITS[model].answersFullStatus) return new Uint8Array()
      return Uint8Array.of(0x10, 0x0f, bits(0, [paperOut, 0x01], [nearEnd, 0x04], [ticketAtOutput, 0x20]), bits(0, [coverOpen, 0x03], [motorOn, 0x08]), bits(0, [hot, 0x01], [jammed, 0x40]), bits(0, [cutterJammed, 0x01]))
    default:
      return new Uint8Array()
  }
}

/** The four bytes of automatic status, the same on all models that have it. */
export function automaticAnswer({ stopped, coverOpen, paperOut, nearEnd, cutterJammed, jammed, hot }: PrinterFacts): Uint8Array {
  return Uint8Array.of(bits(0x10, [stopped, 0x08], [coverOpen, 0x20]), bits(0, [jammed, 0x04], [cutterJammed, 0x08], [hot, 0x40]), bits(0, [nearEnd, 0x03], [paperOut, 0x0c]), 0x0f)
}

/** Answer to `1D 65 06`. */
export function ejectorAnswer({ nearEnd, ticketAtOutput, jammed }: PrinterFacts): Uint8Array {
  return Uint8Array.of(bits(0, [nearEnd, 0x01], [ticketAtOutput, 0x08], [jammed, 0x80]))
}
