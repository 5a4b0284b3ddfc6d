import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { argon2id } from 'hash-wasm'
import type { Clock } from '../../../core/clock/clock.ts'
import { ARGON2ID_SETTING, argon2idSetting } from '../../../core/staff/accounts.ts'

/** Longer than the strongest setting that the accounts file may name takes on an old machine. */
const CHECK_LIMIT_MS = 30_000

/** Whether a PIN is the one behind a PHC string. Rejects when nobody could tell. */
export type CheckPin = (pin: string, phc: string) => Promise<boolean>

/** Checks PINs in a worker thread of their own, so that neither screen nor devices wait. */
export function createPinCheck(clock: Clock, workerUrl: URL = new URL('./pin-worker.ts', import.meta.url)): CheckPin {
  return (pin, phc) => new Promise<boolean>((resolve, reject) => {
    const worker = new Worker(workerUrl, { workerData: { pin, phc } })
    const end = (settle: () => void): void => {
      clock.clearTimeout(timer)
      void worker.terminate()
      settle()
    }
    const timer = clock.setTimeout(() => end(() => reject(new Error('the PIN check took too long'))), CHECK_LIMIT_MS)
    worker.once('message', (right: unknown) => end(() => resolve(right === true)))
    worker.once('error', () => end(() => reject(new Error('the PIN check failed'))))
    worker.once('exit', () => end(() => reject(new Error('the PIN check ended early'))))
  })
}

/** Hash of a new PIN as a PHC string, with OWASP's second setting for argon2id: 19 MiB, two passes, one lane. */
export function hashPin(pin: string): Promise<string> {
  const { memoryKiB, passes, lanes, saltBytes, hashBytes } = ARGON2ID_SETTING
  return argon2id({ password: pin, salt: randomBytes(saltBytes), memorySize: memoryKiB, iterations: passes, parallelism: lanes, hashLength: hashBytes, outputType: 'encoded' })
}

/** A PHC string that no PIN fits and that takes as long to check as the given one, for numbers that nobody has. */
export function decoyFor(phc: string | undefined): string {
  const { memoryKiB, passes } = (phc === undefined ? undefined : argon2idSetting(phc)) ?? ARGON2ID_SETTING
  const base64 = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${base64(ARGON2ID_SETTING.saltBytes)}$${base64(ARGON2ID_SETTING.hashBytes)}`
}

/** What the accounts file keeps of a staff card. */
export function cardHash(salt: string, cardNumber: string): string {
  return createHash('sha256').update(`${salt}:${cardNumber}`).digest('hex')
}

/** Whether a card's number is the one of the account, in the same time whatever the answer. */
export function isCardOf(card: { readonly salt: string; readonly sha256: string }, cardNumber: string): boolean {
  return timingSafeEqual(Buffer.from(cardHash(card.salt, cardNumber), 'hex'), Buffer.from(card.sha256, 'hex'))
}
