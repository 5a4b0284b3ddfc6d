import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietPort } from '../../sandbox/devices/quiet-port.ts'

/** Debian packages: cups-ipp-utils, dbus, avahi-daemon; with CUPS also cups-daemon, cups-client and cups-filters. */
const FOR_PRINTER = ['ippeveprinter', 'dbus-daemon', 'avahi-daemon']
const AVAHI_SOCKET = '/run/avahi-daemon/socket'
const FOR_CUPS = ['cupsd', 'lpadmin', 'cupsdisable', 'cupsenable']

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`], { env: pathEnv() }).status === 0
function pathEnv(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' }
}

/** A sentence that says why the tests cannot run here; `undefined` when they can. */
export function whyNoPrintServer(withCups: boolean): string | undefined {
  const missing = [...FOR_PRINTER, ...(withCups ? FOR_CUPS : [])].filter((program) => !has(program))
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  return process.getuid?.() === 0 ? undefined : 'must run as root (avahi and cupsd ask for it)'
}

/**
 * Apple's and Debian's own IPP Everywhere printer, and CUPS with a queue before it, on free ports of the loopback address,
 * in a folder of their own. `stop` ends what was started, in the opposite order.
 */
export class PrintServerWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'kiosk-ipp-'))
  readonly #children: ChildProcess[] = []
  readonly #env: NodeJS.ProcessEnv = pathEnv()
  printerUrl = ''
  queueUrl = ''

  /** `undefined` when it runs; otherwise what the environment forbids. */
  async startPrinter(): Promise<string | undefined> {
    await this.#startDiscovery()
    const port = await quietPort()
    writeFileSync(join(this.folder, 'printer.conf'), PRINTER_ATTRIBUTES)
    mkdirSync(join(this.folder, 'spool'))
    this.behave(GOOD)
    writeFileSync(join(this.folder, 'print.sh'), `#!/bin/sh\nfor file; do :; done\ncp "$file" "${this.folder}/job-$IPP_JOB_ID.pdf"\nenv | grep ^IPP_ > "${this.folder}/job-$IPP_JOB_ID.env"\n. "${this.folder}/behaviour.sh"\n`, { mode: 0o755 })
    const printer = this.#spawn('ippeveprinter', ['-r', 'off', '-p', String(port), '-n', 'localhost', '-d', join(this.folder, 'spool'), '-c', join(this.folder, 'print.sh'), '-a', join(this.folder, 'printer.conf'), 'Kiosk A4'])
    this.printerUrl = `ipp://localhost:${port}/ipp/print`
    return (await listening(port, printer)) ? undefined : 'ippeveprinter does not start here (it needs D-Bus and avahi on the loopback interface)'
  }

  async startCups(): Promise<string | undefined> {
    const port = await quietPort()
    const at = (name: string): string => join(this.folder, 'cups', name)
    for (const name of ['', 'etc', 'spool', 'cache', 'state', 'tmp', 'log']) mkdirSync(at(name), { recursive: true, mode: 0o755 })
    spawnSync('chmod', ['a+rx', this.folder])
    writeFileSync(at('cupsd.conf'), cupsdConf(port))
    writeFileSync(at('cups-files.conf'), ['ServerRoot etc', 'RequestRoot spool', 'CacheDir cache', 'StateDir state', 'TempDir tmp'].map((line) => line.replace(/ (\w+)$/, (_, name: string) => ` ${at(name)}`)).concat(['ErrorLog', 'AccessLog', 'PageLog'].map((log) => `${log} ${at(`log/${log}`)}`)).join('\n') + '\n')
    const cupsd = this.#spawn('cupsd', ['-f', '-c', at('cupsd.conf'), '-s', at('cups-files.conf')])
    if (!(await listening(port, cupsd))) return 'cupsd does not start here'
    this.#env['CUPS_SERVER'] = `127.0.0.1:${port}`
    const made = this.run('lpadmin', '-p', 'a4', '-E', '-v', this.printerUrl, '-m', 'everywhere')
    this.queueUrl = `ipp://127.0.0.1:${port}/printers/a4`
    return made === 0 ? undefined : 'lpadmin could not make a driverless queue'
  }

  run(program: string, ...parameters: string[]): number | null {
    return spawnSync(program, parameters, { env: this.#env, timeout: 20_000 }).status
  }

  /** What the printer does with each job from now on, as a shell script; its words on stderr change the printer. */
  behave(script: string): void {
    writeFileSync(join(this.folder, 'behaviour.sh'), script)
  }

  file(name: string): Buffer | undefined {
    return existsSync(join(this.folder, name)) ? readFileSync(join(this.folder, name)) : undefined
  }

  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) await ended(child)
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** ippeveprinter does not start without a name service, so it gets a bus and an avahi of its own, unless the machine has one. */
  async #startDiscovery(): Promise<void> {
    const found = await refusalOf({ path: AVAHI_SOCKET })
    if (found === undefined) return
    // Left by a service that died.
    if (found === 'ECONNREFUSED') rmSync(AVAHI_SOCKET, { force: true })
    const bus = join(this.folder, 'bus')
    writeFileSync(join(this.folder, 'bus.conf'), `<busconfig><type>system</type><listen>unix:path=${bus}</listen><auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>\n`)
    writeFileSync(join(this.folder, 'avahi.conf'), '[server]\nallow-interfaces=lo\nuse-ipv4=yes\nuse-ipv6=no\n[publish]\ndisable-publishing=yes\n')
    this.#env['DBUS_SYSTEM_BUS_ADDRESS'] = `unix:path=${bus}`
    spawnSync('ip', ['link', 'set', 'lo', 'multicast', 'on'], { env: this.#env })
    this.#spawn('dbus-daemon', ['--config-file', join(this.folder, 'bus.conf'), '--nofork', '--nosyslog'])
    await until(() => existsSync(bus))
    mkdirSync('/run/avahi-daemon', { recursive: true })
    this.#spawn('avahi-daemon', ['-f', join(this.folder, 'avahi.conf'), '--no-drop-root', '--no-chroot', '--no-rlimits'])
    await until(async () => (await refusalOf({ path: AVAHI_SOCKET })) === undefined)
  }

  #spawn(program: string, parameters: string[]): ChildProcess {
    const child = spawn(program, parameters, { env: this.#env, stdio: 'ignore' })
    child.on('error', () => undefined)
    this.#children.push(child)
    return child
  }
}

/** Two pages, counted as they come out. */
export const GOOD = 'echo "ATTR: job-impressions-completed=1" >&2; sleep 0.3; echo "ATTR: job-impressions-completed=2" >&2; exit 0\n'

/** Its own defaults have Letter in the tray and no A4. What it adds by itself after these is named twice in its answers. */
const PRINTER_ATTRIBUTES = `ATTR text printer-make-and-model "Virtual A4Laser"
ATTR mimeMediaType document-format-supported application/octet-stream,application/pdf,image/pwg-raster,image/urf
ATTR mimeMediaType document-format-default application/octet-stream
ATTR keyword media-supported iso_a4_210x297mm,na_letter_8.5x11in
ATTR keyword media-ready iso_a4_210x297mm
ATTR keyword media-default iso_a4_210x297mm
ATTR collection media-size-supported {
  MEMBER integer x-dimension 21000
  MEMBER integer y-dimension 29700
},{
  MEMBER integer x-dimension 21590
  MEMBER integer y-dimension 27940
}
ATTR collection media-col-default {
  MEMBER collection media-size {
    MEMBER integer x-dimension 21000
    MEMBER integer y-dimension 29700
  }
}
ATTR integer media-bottom-margin-supported 635
ATTR integer media-left-margin-supported 340
ATTR integer media-right-margin-supported 340
ATTR integer media-top-margin-supported 635
ATTR keyword media-source-supported auto,main
ATTR keyword media-type-supported stationery
ATTR enum print-quality-supported 3,4,5
ATTR enum print-quality-default 4
ATTR keyword output-bin-supported face-down
ATTR keyword output-bin-default face-down
ATTR enum orientation-requested-supported 3,4,5,6
ATTR enum finishings-supported 3
ATTR keyword sides-supported one-sided,two-sided-long-edge
ATTR keyword sides-default one-sided
ATTR rangeOfInteger copies-supported 1-99
ATTR integer copies-default 1
ATTR resolution printer-resolution-supported 600dpi
ATTR resolution printer-resolution-default 600dpi
ATTR resolution pwg-raster-document-resolution-supported 600dpi
ATTR keyword pwg-raster-document-type-supported black_1,sgray_8
ATTR keyword urf-supported CP1,IS1,MT1,RS600,V1.4,W8
ATTR keyword print-color-mode-supported monochrome
ATTR keyword print-color-mode-default monochrome
`

function cupsdConf(port: number): string {
  return `Listen 127.0.0.1:${port}
LogLevel warn
DefaultAuthType None
WebInterface No
Browsing No
FileDevice Yes
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
`
}

function listening(port: number, child: ChildProcess): Promise<boolean> {
  return until(async () => (await refusalOf({ port, host: '127.0.0.1' })) === undefined, () => child.exitCode !== null)
}

/** Why nobody answers there; `undefined` when somebody does. */
function refusalOf(at: NetConnectOpts): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(at, () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'))
  })
}

/** Another program gives no event when it is ready: it is asked again and again, for ten seconds at most. */
async function until(condition: () => boolean | Promise<boolean>, hopeless: () => boolean = () => false): Promise<boolean> {
  for (let tries = 0; tries < 100 && !hopeless(); tries++) {
    if (await condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await gone
  clearTimeout(force)
}
