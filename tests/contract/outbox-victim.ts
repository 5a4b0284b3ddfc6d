/**
 * A terminal that is killed, as by a power switch, between two pieces of an upload: keeps one application, begins to send it,
 * and ends itself with SIGKILL once two pieces are at the backend. Run by outbox.test.ts.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createOneWindowClient } from '../../core/one-window/client.ts'
import type { IdempotencyKey } from '../../core/ids.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { nodePlatform } from '../../electron/services/one-window/node-platform.ts'
import { openTerminalKey } from '../../electron/services/one-window/terminal-key.ts'
import { CHEN, file, submission, TERMINAL } from './one-window-world.ts'
import { openOutbox } from './outbox-world.ts'

const [folder = '', baseUrl = '', sizeText = ''] = process.argv.slice(2)
const key = await openTerminalKey(join(folder, 'keys'))
if (!key.ok) throw new Error(key.error.kind)
const client = createOneWindowClient({ baseUrl, terminalId: TERMINAL, sign: key.value.sign, clock: systemClock, timeoutMs: 20_000, ...nodePlatform })
let pieces = 0
const { outbox } = await openOutbox(folder, {
  ...client,
  async putUploadPiece(uploadId, offset, piece, options) {
    const answer = await client.putUploadPiece(uploadId, offset, piece, options)
    // The backend has it, this program does not know yet: the worst moment.
    if (++pieces === 2) process.kill(process.pid, 'SIGKILL')
    return answer
  },
}, systemClock)
const bytes = new Uint8Array(Number(sizeText))
for (let index = 0; index < bytes.length; index++) bytes[index] = (index * 31 + (index >> 11)) & 0xff
const page = file(bytes)
const kept = await outbox.keep({ idempotencyKey: randomUUID() as IdempotencyKey, submission: submission('M05', CHEN, [page.manifest]), attachments: [page] })
if (!kept.ok) throw new Error(kept.error.kind)
console.log(kept.value.localNumber)
await outbox.submitNow(kept.value.localNumber, 60_000)
