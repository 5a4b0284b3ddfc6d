/** One whole command of the print data, cut out of the stream. */
export type PrintCommand =
  | { readonly kind: 'characters'; readonly bytes: readonly number[] }
  | { readonly kind: 'line-feed' }
  | { readonly kind: 'escape'; readonly name: string; readonly parameters: readonly number[] }
  | { readonly kind: 'raster'; readonly mode: number; readonly rowBytes: number; readonly rows: number; readonly data: Uint8Array }
  | { readonly kind: 'function'; readonly group: 'k' | 'H' | 'other'; readonly parameters: Uint8Array }
  | { readonly kind: 'unknown'; readonly bytes: readonly number[] }

/** Number of parameter bytes by prefix and command byte. */
const FIXED: Readonly<Record<string, number>> = {
  '1b40': 0, '1b32': 0, '1b33': 1, '1b45': 1, '1b47': 1, '1b61': 1, '1b64': 1, '1b4a': 1, '1b74': 1, '1b52': 1, '1b2d': 1, '1b21': 1, '1b24': 2, '1b5c': 2, '1b69': 0, '1b6d': 0, '1b70': 3, '1b4d': 1, '1b7b': 1,
  '1c26': 0, '1c2e': 0, '1c43': 1, '1c21': 1, '1c2d': 1, '1c57': 1, '1c53': 2,
  '1d21': 1, '1d42': 1, '1d4c': 2, '1d57': 2, '1d50': 2, '1d61': 1, '1d72': 1, '1d49': 1, '1d68': 1, '1d77': 1, '1d66': 1, '1d48': 1, '1d7a': 2,
}

/**
 * Cuts the first whole command from the receive buffer. Undefined: more bytes are needed. In Chinese mode a byte from 81 on
 * takes the next one with it.
 */
export function nextCommand(buffer: readonly number[], chineseMode: boolean): { readonly command: PrintCommand; readonly length: number } | undefined {
  const first = buffer[0]
  if (first === undefined) return undefined
  if (first === 0x0a) return { command: { kind: 'line-feed' }, length: 1 }
  if (first === 0x1b || first === 0x1c || first === 0x1d) return nextEscape(buffer, first)
  if (first < 0x20 || first === 0x7f) return { command: { kind: 'unknown', bytes: [first] }, length: 1 }
  const bytes: number[] = []
  for (let at = 0; at < buffer.length; ) {
    const byte = buffer[at] ?? 0
    if (byte < 0x20 || byte === 0x7f) break
    if (chineseMode && byte >= 0x81) {
      const trail = buffer[at + 1]
      if (trail === undefined) break
      bytes.push(byte, trail)
      at += 2
    } else {
      bytes.push(byte)
      at += 1
    }
  }
  return bytes.length === 0 ? undefined : { command: { kind: 'characters', bytes }, length: bytes.length }
}

function nextEscape(buffer: readonly number[], first: number): { readonly command: PrintCommand; readonly length: number } | undefined {
  const second = buffer[1]
  if (second === undefined) return undefined
  const name = first.toString(16) + second.toString(16).padStart(2, '0')
  if (name === '1d76') {
    if (buffer.length < 8) return undefined
    const rowBytes = (buffer[4] ?? 0) + 256 * (buffer[5] ?? 0)
    const rows = (buffer[6] ?? 0) + 256 * (buffer[7] ?? 0)
    const length = 8 + rowBytes * rows
    if (buffer.length < length) return undefined
    return { command: { kind: 'raster', mode: buffer[3] ?? 0, rowBytes, rows, data: Uint8Array.from(buffer.slice(8, length)) }, length }
  }
  if (name === '1d28') {
    if (buffer.length < 5) return undefined
    const length = 5 + (buffer[3] ?? 0) + 256 * (buffer[4] ?? 0)
    if (buffer.length < length) return undefined
    const letter = String.fromCharCode(buffer[2] ?? 0)
    return { command: { kind: 'function', group: letter === 'k' || letter === 'H' ? letter : 'other', parameters: Uint8Array.from(buffer.slice(5, length)) }, length }
  }
  if (name === '1d56') {
    const mode = buffer[2]
    if (mode === undefined) return undefined
    const length = mode >= 0x41 ? 4 : 3
    return buffer.length < length ? undefined : { command: { kind: 'escape', name, parameters: buffer.slice(2, length) }, length }
  }
  // GS e 3 and GS e 20 are followed by steps, and by seconds.
  if (name === '1d65') {
    const length = 3 + (buffer[2] === 3 ? 1 : buffer[2] === 20 ? 2 : 0)
    return buffer.length < length ? undefined : { command: { kind: 'escape', name, parameters: buffer.slice(2, length) }, length }
  }
  const parameters = FIXED[name]
  if (parameters === undefined) return { command: { kind: 'unknown', bytes: [first, second] }, length: 2 }
  return buffer.length < 2 + parameters ? undefined : { command: { kind: 'escape', name, parameters: buffer.slice(2, 2 + parameters) }, length: 2 + parameters }
}
