import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** Below the ranges from which systems usually give free ports. */
const FIRST_PORT = 12_000
const PORTS_IN_A_BLOCK = 200
const BLOCKS = 90

let block: Promise<number> | undefined
let taken = 0

/**
 * A port of 127.0.0.1 that no other process is given, and this one never again; with `count` the first of so many
 * neighbours. For devices that are unplugged and plugged in again: their driver goes on knocking at the port, and must not
 * be let in by somebody who was given it meanwhile.
 */
export async function quietPort(count = 1): Promise<number> {
  block ??= takeBlock()
  const first = await block
  for (;;) {
    // The first port of the block is what keeps it.
    const port = first + 1 + taken
    taken += count
    if (taken >= PORTS_IN_A_BLOCK) throw new Error(`从 ${first} 起的 ${PORTS_IN_A_BLOCK} 个端口都用完了。 / All ${PORTS_IN_A_BLOCK} ports from ${first} on are used up.`)
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(port + index)))
    if (free.every(Boolean)) return port
  }
}

/** A block of ports belongs to the process that listens at its first one, until that process ends. */
async function takeBlock(): Promise<number> {
  for (let tries = 0; tries < BLOCKS; tries++) {
    const first = FIRST_PORT + ((process.pid + tries) % BLOCKS) * PORTS_IN_A_BLOCK
    const keeper = await listen(first)
    keeper?.unref()
    if (keeper !== undefined) return first
  }
  throw new Error('没有一段空闲的端口。 / No block of ports is free.')
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port)
  if (server !== undefined) await new Promise((resolve) => server.close(resolve))
  return server !== undefined
}

function listen(port: number): Promise<Server | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
