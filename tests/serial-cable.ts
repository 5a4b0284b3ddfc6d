import { spawn, spawnSync } from 'node:child_process'

/** Whether this machine has the program that connects two pseudo-terminals. */
export const hasSocat = spawnSync('socat', ['-V']).status === 0

export interface SerialCable {
  /** Resolves when both ends are gone. */
  pull(): Promise<void>
}

/**
 * A serial cable between two pseudo-terminals, which are found under these two paths; needs socat. Its ends vanish with
 * it, links and all: a link that stays would soon lead to a terminal that belongs to another test, and a driver that tries
 * to come back would change that one's settings (serialport sets a port before it finds it locked).
 */
export async function serialCable(end: string, otherEnd: string): Promise<SerialCable> {
  const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${end}`, `pty,raw,echo=0,link=${otherEnd}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise<void>((resolve) => socat.once('exit', () => resolve()))
  let said = ''
  // The links are there before the terminals are set: whoever opened them at once would have his settings undone.
  await new Promise<void>((resolve, reject) => {
    socat.once('error', reject)
    void exited.then(() => reject(new Error(`socat ended: ${said}`)))
    socat.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('starting data transfer')) resolve()
    })
  })
  return {
    pull: () => {
      socat.kill('SIGTERM')
      return exited
    },
  }
}
