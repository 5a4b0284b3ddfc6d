import { createServer } from 'node:net'

/** Below the ranges from which systems give free ports. Each process has places of its own among them. */
const FIRST_PORT = 12_000
const PORTS_OF_A_PROCESS = 200
const PLACES = 100
const mine = FIRST_PORT + (process.pid % PLACES) * PORTS_OF_A_PROCESS
let next = 0

/**
 * A port of 127.0.0.1 that nobody else was given or will be given; with `count` the first of so many neighbours. For
 * devices that are unplugged and plugged in again: their driver goes on knocking at the port, and must not be let in by
 * somebody who was given it meanwhile.
 */
export async function quietPort(count = 1): Promise<number> {
  for (let tries = 0; tries < PORTS_OF_A_PROCESS; tries++) {
    if (next + count > PORTS_OF_A_PROCESS) next = 0
    const first = mine + next
    next += count
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`${PORTS_OF_A_PROCESS} 个端口（从 ${mine} 起）都被占用。 / All ${PORTS_OF_A_PROCESS} ports from ${mine} on are in use.`)
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
