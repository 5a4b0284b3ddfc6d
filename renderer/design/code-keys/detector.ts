/** A scanner's keys follow each other within 1 to 20 ms; the fastest people need about 60. */
const FAST_MS = 35
/** So many keys in a row, each fast after the one before, are a scanner's. */
const KEYS_OF_A_SCAN = 3
/** After this nothing more of the code will come. */
const END_MS = 200
/** Characters; what the largest QR code holds in letters and digits. */
const LONGEST_CODE = 4296

/** One key that went down. */
export interface Stroke {
  /** As `KeyboardEvent.key` tells it. */
  readonly key: string
  /** Milliseconds of any monotonic clock, when the key went down and not when the page got to it. */
  readonly at: number
  /** Held down for long, or together with Ctrl, Alt or Meta: no scanner writes a plain character so. */
  readonly special: boolean
}

export type KeyDecision<S extends Stroke> =
  /** The key just given is kept back; it is released later or becomes a part of a code. */
  | { readonly kind: 'hold' }
  /** The key just given goes its ordinary way. */
  | { readonly kind: 'pass' }
  /** These were a person's after all: type them now, in this order. */
  | { readonly kind: 'release'; readonly strokes: readonly S[] }
  | { readonly kind: 'code'; readonly text: string }
  /** A scan that cannot be trusted (a key that stands for no character, or too long): it is dropped, never mended. */
  | { readonly kind: 'spoiled' }

/** Keys that only change what another one writes; scanners press Shift for capital letters. */
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'CapsLock', 'AltGraph', 'NumLock'])
/** Scanners end a code with Enter; some are set up for Tab. */
const ENDS: ReadonlySet<string> = new Set(['Enter', 'Tab'])

/**
 * Tells a scanner's keys from a person's by their speed alone. Pure: it is given keys with their times, and told when time
 * has passed (`dueAt`). Every character of a person comes out again, in order and before the key that follows it.
 */
export class CodeKeyDetector<S extends Stroke> {
  #held: S[] = []
  #scanning = false
  #text = ''
  #spoiled = false
  #lastAt = 0

  /** When `passTime` should be called if no key comes before; undefined while nothing is kept back. */
  get dueAt(): number | undefined {
    if (this.#scanning) return this.#lastAt + END_MS
    return this.#held.length > 0 ? this.#lastAt + FAST_MS : undefined
  }

  /** The last decision is about the key itself: `hold` or `pass`. */
  key(stroke: S): readonly KeyDecision<S>[] {
    const before = this.passTime(stroke.at)
    return [...before, ...(this.#scanning ? this.#inScan(stroke) : this.#atRest(stroke))]
  }

  passTime(now: number): readonly KeyDecision<S>[] {
    const due = this.dueAt
    if (due === undefined || now < due) return []
    return this.#scanning ? [this.#endScan()] : this.#release()
  }

  /** Gives back what is kept; for the moment when the detector is taken away. */
  flush(): readonly KeyDecision<S>[] {
    return this.passTime(Number.POSITIVE_INFINITY)
  }

  #inScan(stroke: S): readonly KeyDecision<S>[] {
    if (ENDS.has(stroke.key) && !stroke.special) return [this.#endScan(), { kind: 'hold' }]
    this.#lastAt = stroke.at
    if (MODIFIERS.has(stroke.key)) return [{ kind: 'pass' }]
    if (!isCharacter(stroke) || this.#text.length + stroke.key.length > LONGEST_CODE) this.#spoiled = true
    else this.#text += stroke.key
    return [{ kind: 'hold' }]
  }

  #atRest(stroke: S): readonly KeyDecision<S>[] {
    if (MODIFIERS.has(stroke.key)) {
      // It is a step of the same hand: without it a capital letter would seem slow.
      if (this.#held.length > 0) this.#lastAt = stroke.at
      return [{ kind: 'pass' }]
    }
    // A space that comes alone presses buttons; no code begins with one.
    if (!isCharacter(stroke) || (stroke.key === ' ' && this.#held.length === 0)) return [...this.#release(), { kind: 'pass' }]
    this.#held.push(stroke)
    this.#lastAt = stroke.at
    if (this.#held.length >= KEYS_OF_A_SCAN) {
      this.#scanning = true
      this.#text = this.#held.map(({ key }) => key).join('')
      this.#held = []
    }
    return [{ kind: 'hold' }]
  }

  #release(): readonly KeyDecision<S>[] {
    const strokes = this.#held
    this.#held = []
    return strokes.length === 0 ? [] : [{ kind: 'release', strokes }]
  }

  #endScan(): KeyDecision<S> {
    const text = this.#text
    const spoiled = this.#spoiled
    this.#scanning = false
    this.#text = ''
    this.#spoiled = false
    return spoiled ? { kind: 'spoiled' } : { kind: 'code', text }
  }
}

/** Named keys (Backspace, F8, Dead, Process) have names of several characters. */
function isCharacter({ key, special }: Stroke): boolean {
  return !special && [...key].length === 1
}
