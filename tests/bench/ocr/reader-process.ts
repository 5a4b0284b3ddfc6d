import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { EngineName } from '../../../core/document/engine-settings.ts'
import type { FromReader, PageJob, PageOutcome, PhotoJob, PhotoOutcome, ToReader } from './messages.ts'

/** A reader in a child process; each call waits for the answer of the one before. */
export interface ReaderProcess {
  /** From the start of the process to the open engine. Rejects where it does not load. */
  open(engine: EngineName, threads: number): Promise<number>
  page(job: PageJob): Promise<PageOutcome>
  photo(job: PhotoJob): Promise<PhotoOutcome>
  close(): void
}

export function startReader(): ReaderProcess {
  const child = fork(join(import.meta.dirname, 'reader.ts'), [], { execArgv: ['--no-warnings'], serialization: 'advanced' })
  const ask = (message: ToReader): Promise<FromReader> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`The reader ended with ${code ?? 'a signal'}.`))
      child.once('exit', gone)
      child.once('message', (answer) => {
        child.off('exit', gone)
        resolve(answer as FromReader)
      })
      child.send(message)
    })
  return {
    async open(engine, threads) {
      const answer = await ask({ kind: 'open', engine, threads })
      if (answer.kind !== 'ready') throw new Error(answer.kind === 'unfit' ? answer.reason : answer.kind)
      return answer.startMs
    },
    async page(job) {
      const answer = await ask({ kind: 'page', job })
      if (answer.kind !== 'page') throw new Error(answer.kind)
      return answer.outcome
    },
    async photo(job) {
      const answer = await ask({ kind: 'photo', job })
      if (answer.kind !== 'photo') throw new Error(answer.kind)
      return answer.outcome
    },
    close: () => void child.kill(),
  }
}
