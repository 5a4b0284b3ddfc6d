/**
 * What a failed transfer means. The `usb` package tells it only in words: `Cancelled` is its own time limit, `Stall` a
 * refused endpoint, `Disconnected` an unplugged device, `Fault` a damaged transfer.
 */
export function fateOf(error: unknown): 'nothing' | 'stall' | 'lost' | 'trouble' {
  const message = messageOf(error)
  if (/cancel/i.test(message)) return 'nothing'
  if (/stall/i.test(message)) return 'stall'
  if (/disconnect|no device|not found|invalid state|not claimed/i.test(message)) return 'lost'
  return 'trouble'
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
