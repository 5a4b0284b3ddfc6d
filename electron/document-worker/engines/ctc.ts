/** One character out of the recognition net; its place in time steps (inclusive), each a fixed number of columns wide. */
export interface DecodedCharacter {
  readonly text: string
  readonly confidence: number
  readonly from: number
  readonly to: number
  readonly second?: { readonly text: string; readonly confidence: number }
}

/** Signs by class, as the dictionary file names them: class 0 is "no sign", the last class is a space. */
export type Signs = readonly string[]

const BLANK = 0
/** Above one half nothing else can be more probable. */
const MAJORITY = 0.5
/** Below this a second candidate is told. */
const DOUBTFUL = 0.95

/**
 * Connectionist temporal classification, the best path: per time step the most probable class, repeats joined, blanks dropped.
 * `probabilities` holds `steps` rows of `signs.length` classes. With `allowed` (by class) only those signs can stand where the
 * net sees one at all; confidence stays the net's own, so a forced sign shows as a doubtful one. Spaces are dropped.
 */
export function decode(probabilities: Float32Array, steps: number, signs: Signs, allowed?: Uint8Array): DecodedCharacter[] {
  const classes = signs.length
  const found: DecodedCharacter[] = []
  let open: { sign: number; from: number; to: number; confidence: number; peak: number } | undefined
  const close = (): void => {
    if (open === undefined) return
    const text = signs[open.sign] ?? ''
    if (text.trim() !== '') {
      const second = open.confidence < DOUBTFUL ? secondAt(probabilities, open.peak, signs, open.sign, allowed) : undefined
      found.push({ text, confidence: open.confidence, from: open.from, to: open.to, ...(second === undefined ? {} : { second }) })
    }
    open = undefined
  }
  for (let step = 0; step < steps; step++) {
    const row = step * classes
    let sign = likeliest(probabilities, row, classes)
    if (sign !== BLANK && allowed !== undefined && allowed[sign] !== 1) sign = likeliestAllowed(probabilities, row, classes, allowed)
    if (sign === BLANK) {
      close()
      continue
    }
    const confidence = probabilities[row + sign] as number
    if (open !== undefined && open.sign === sign) {
      open.to = step
      if (confidence > open.confidence) Object.assign(open, { confidence, peak: row })
    } else {
      close()
      open = { sign, from: step, to: step, confidence, peak: row }
    }
  }
  close()
  return found
}

/** Which classes may stand, for an alphabet. */
export function allowedClasses(signs: Signs, alphabet: string): Uint8Array {
  const letters = new Set(alphabet)
  return Uint8Array.from(signs, (sign) => (letters.has(sign) ? 1 : 0))
}

function likeliest(probabilities: Float32Array, row: number, classes: number): number {
  if ((probabilities[row] as number) > MAJORITY) return BLANK
  let best = 0
  let most = probabilities[row] as number
  for (let i = 1; i < classes; i++) {
    const probability = probabilities[row + i] as number
    if (probability > most) {
      most = probability
      best = i
      if (most > MAJORITY) break
    }
  }
  return best
}

function likeliestAllowed(probabilities: Float32Array, row: number, classes: number, allowed: Uint8Array): number {
  let best = BLANK
  let most = -1
  for (let i = 1; i < classes; i++) {
    if (allowed[i] === 1 && (probabilities[row + i] as number) > most) {
      most = probabilities[row + i] as number
      best = i
    }
  }
  return best
}

function secondAt(probabilities: Float32Array, row: number, signs: Signs, first: number, allowed?: Uint8Array): DecodedCharacter['second'] {
  let best = -1
  let most = 0
  for (let i = 1; i < signs.length; i++) {
    const probability = probabilities[row + i] as number
    if (i !== first && probability > most && (allowed === undefined || allowed[i] === 1)) {
      most = probability
      best = i
    }
  }
  const text = signs[best] ?? ''
  return text.trim() === '' ? undefined : { text, confidence: most }
}
