import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'

const VIRTUAL_READER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'

/**
 * Whether a PC/SC service of our own can be started: pcscd, its virtual reader, and a mount namespace, in which the folder
 * of its socket is ours, so that a service of the computer is not touched.
 */
export const canRunPcscd = process.platform === 'linux' && existsSync('/usr/sbin/pcscd') && existsSync(VIRTUAL_READER) && spawnSync('unshare', ['-m', 'true']).status === 0

/** The PC/SC service itself, with one virtual reader (of two slots) that listens for a card on the loopback address. */
export class Pcscd {
  /** Where the first slot listens for a card. */
  readonly port: number
  readonly #folder: string
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.port = port
  }

  /** Prepares it; the client library of this process finds it from now on, so there is one of it in a process. */
  static async prepare(): Promise<Pcscd> {
    const folder = mkdtempSync(join(tmpdir(), 'pcscd-'))
    mkdirSync(join(folder, 'readers'))
    mkdirSync(join(folder, 'run'))
    // Two neighbours, as a reader of two slots wants them.
    const port = await quietPort(2)
    writeFileSync(join(folder, 'readers', 'virtual'), `FRIENDLYNAME "Sandbox Reader"\nDEVICENAME /dev/null:${port}\nLIBPATH ${VIRTUAL_READER}\nCHANNELID ${port}\n`)
    process.env['PCSCLITE_CSOCK_NAME'] = join(folder, 'run', 'pcscd.comm')
    return new Pcscd(folder, port)
  }

  async start(): Promise<void> {
    const run = join(this.#folder, 'run')
    const appeared = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!existsSync(join(run, 'pcscd.comm'))) return
        watcher.close()
        resolve()
      }
      const watcher = watch(run, look)
      look()
    })
    const child = spawn('unshare', ['-m', 'sh', '-c', 'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && exec /usr/sbin/pcscd --foreground --critical --config "$2"', 'sh', run, join(this.#folder, 'readers')], { stdio: 'ignore' })
    this.#process = child
    const died = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`pcscd ended with ${code}`))))
    // Later it ends because it is told to.
    died.catch(() => undefined)
    await Promise.race([appeared, died])
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
    rmSync(join(this.#folder, 'run'), { recursive: true, force: true })
    mkdirSync(join(this.#folder, 'run'))
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
