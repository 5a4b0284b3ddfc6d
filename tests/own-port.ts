import { createServer } from 'node:net'

/** Below the range from which systems give free ports. */
const FIRST_PORT = 12_000
const PORTS_PER_WORKER = 2_000
let next = FIRST_PORT + Number(process.env['VITEST_POOL_ID'] ?? 0) * PORTS_PER_WORKER

/**
 * A port of 127.0.0.1 that no other test of this run has, had or gets; with `count` the first of so many neighbours. For
 * devices that are unplugged: their driver goes on knocking at the port, and must not be let in by somebody who was given
 * it meanwhile.
 */
export async function ownPort(count = 1): Promise<number> {
  for (;;) {
    const first = next
    next += count
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)))
    if (free.every(Boolean)) return first
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
