import { parentPort, workerData } from 'node:worker_threads'
import { argon2Verify } from 'hash-wasm'

/** Judges one PIN and ends: argon2id is meant to take long, and the thread's memory goes with it. */
const port = parentPort
if (port === null) throw new Error('runs only as a worker thread')
const { pin, phc } = workerData as { readonly pin: string; readonly phc: string }
port.postMessage(await argon2Verify({ password: pin, hash: phc }))
