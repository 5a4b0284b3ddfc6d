import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize, sep } from 'node:path'
import { z } from 'zod'
import { ChangeListeners } from '../devices/virtual-device.ts'
import type { VirtualDevice } from '../devices/virtual-device.ts'

/**
 * - `offline`: connections are cut at once
 * - `tamper`: one byte of every pack is another than the one that was signed
 * - `freeze`: the catalogue stands still as it was when the fault was switched on, though newer packs are published
 * - `cut`: a file ends in its middle
 * - `endless`: a file never ends
 */
export const REPOSITORY_FAULTS = ['none', 'offline', 'tamper', 'freeze', 'cut', 'endless'] as const
export type RepositoryFault = (typeof REPOSITORY_FAULTS)[number]

export const repositoryCommandSchema = z.strictObject({ type: z.literal('fault'), fault: z.enum(REPOSITORY_FAULTS) })
export type RepositoryCommand = z.infer<typeof repositoryCommandSchema>

export interface RepositoryServerState {
  readonly fault: RepositoryFault
  readonly requests: number
}

export interface RepositoryServer extends VirtualDevice<RepositoryCommand, RepositoryServerState> {
  /** `http://127.0.0.1:<port>`, once started. */
  readonly url: string
}

/** Serves the public folder of a repository on the loopback address, with faults that can be switched. Port 0 finds a free one. */
export function createRepositoryServer(given: { readonly folder: string; readonly port: number }): RepositoryServer {
  const listeners = new ChangeListeners()
  let server: Server | undefined
  let url = ''
  let fault: RepositoryFault = 'none'
  let frozen: Buffer | undefined
  let requests = 0

  const fileOf = (path: string): string | undefined => {
    const file = normalize(join(given.folder, path))
    return /^\/(metadata|targets)\/[\w./-]+\.json$/.test(path) && file.startsWith(normalize(given.folder) + sep) ? file : undefined
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = request.method === 'GET' ? fileOf(path) : undefined
    const stored = file === undefined ? undefined : await readFile(file).catch(() => undefined)
    const present: Buffer | undefined = fault === 'freeze' && path === '/metadata/timestamp.json' ? frozen : stored
    if (present === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
      return
    }
    const bytes = fault === 'tamper' && path.startsWith('/targets/matter/') ? flipped(present) : present
    const immutable = path !== '/metadata/timestamp.json'
    response.setHeader('content-type', 'application/json')
    response.setHeader('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (fault === 'cut') {
      response.setHeader('content-length', bytes.byteLength)
      response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => response.destroy())
    } else if (fault === 'endless') {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20))) continue
      }
      response.on('drain', more)
      more()
    } else response.end(bytes)
  }

  return {
    name: 'repository',
    commandSchema: repositoryCommandSchema,
    get url() {
      return url
    },
    async start() {
      const started = createServer((request, response) => {
        if (fault === 'offline') request.socket.destroy()
        else answer(request, response).catch(() => response.destroy())
      })
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject)
        started.listen(given.port, '127.0.0.1', resolve)
      })
      server = started
      url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`
      listeners.notify()
    },
    async stop() {
      const stopping = server
      server = undefined
      if (stopping === undefined) return
      stopping.closeAllConnections()
      await new Promise<void>((resolve) => stopping.close(() => resolve()))
    },
    async command(command) {
      if (command.fault === 'freeze') frozen = await readFile(join(given.folder, 'metadata', 'timestamp.json'))
      fault = command.fault
      if (fault === 'offline') server?.closeAllConnections()
      listeners.notify()
    },
    state: () => ({ fault, requests }),
    onChange: (listener) => listeners.add(listener),
  }
}

/** Changes one letter of a text in the middle, so that the file is still JSON and only the signature can tell. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const half = Math.floor(copy.length / 2)
  const at = copy.findIndex((byte, index) => index > half && byte >= 0x61 && byte < 0x7a)
  if (at >= 0) copy[at] = (copy[at] ?? 0) + 1
  return copy
}
