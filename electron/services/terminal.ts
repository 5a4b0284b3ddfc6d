import { randomInt, randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock/clock.ts'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import type { Capabilities } from '../../core/device/capabilities.ts'
import { capabilities } from '../../core/device/capabilities.ts'
import { isUsable } from '../../core/device/status.ts'
import type { EngineState } from '../../core/document/engine-settings.ts'
import { engineFaultCode } from '../../core/document/engine-settings.ts'
import type { DocumentWorkerHandle } from '../../core/document/worker-protocol.ts'
import type { DeviceId } from '../../core/ids.ts'
import { availabilityOf } from '../../core/matter-pack/availability.ts'
import { createOneWindowClient } from '../../core/one-window/client.ts'
import type { Heartbeat } from '../../core/one-window/types.ts'
import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'
import type { SpawnHost } from '../../drivers/device-host/host-child.ts'
import { AUDIT_FILE, AUDIT_MIGRATIONS, openAudit } from './audit/audit.ts'
import { createCatalogue } from './catalogue/catalogue.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { createConnection } from './connection/connection.ts'
import type { Database } from './database/database.ts'
import { openDatabase, openFaultSentence } from './database/database.ts'
import { createCameraWatch, withCamera } from './camera.ts'
import type { DataFolder } from './data-folder.ts'
import { driverLog, superviseDeviceHost } from './device-host-supervisor.ts'
import { devicesInUse } from './devices-in-use.ts'
import { readDocumentKinds } from './document-kinds.ts'
import { createDocumentReader } from './documents.ts'
import { faultCode } from './fault-code.ts'
import { HEALTH_MIGRATIONS, openHealth } from './health/health.ts'
import { withHealth } from './health/healthy-host.ts'
import { createKioskRouter } from './kiosk-api/router.ts'
import type { KioskRouter } from './kiosk-api/router.ts'
import type { KioskLog } from './log.ts'
import { nodePlatform } from './one-window/node-platform.ts'
import { createRegistration } from './one-window/registration.ts'
import { openTerminalKey, terminalKeySentence } from './one-window/terminal-key.ts'
import { keyStoreSentence, openFileKeyStore } from './outbox/key-store.ts'
import type { Outbox, OutboxStatus } from './outbox/outbox.ts'
import { createOutbox, OUTBOX_MIGRATIONS } from './outbox/outbox.ts'
import { createPrinting, PRINTING_MIGRATIONS } from './printing/printing.ts'
import { createPagePrinting, PAGE_PRINTING_MIGRATIONS } from './printing-pages/page-printing.ts'
import { createPageStore } from './session/page-store.ts'
import { createPorts } from './session/ports.ts'
import { createSessionService } from './session/session.ts'
import type { SessionService } from './session/session.ts'
import { createTypedCodes, withTypedCodes } from './session/typed-codes.ts'
import { loadStaffAccounts } from './staff/accounts-file.ts'
import { makeBundle } from './staff/bundle.ts'
import { openGuard, STAFF_MIGRATIONS } from './staff/guard.ts'
import { createPinCheck } from './staff/pins.ts'
import type { StaffService } from './staff/staff.ts'
import { createStaff } from './staff/staff.ts'

export interface TerminalDependencies {
  readonly config: KioskConfig
  readonly folder: DataFolder
  readonly log: KioskLog
  readonly clock: Clock
  /** How this host starts child processes: plain Node forks, Electron has its utility processes. */
  readonly spawnDeviceHost: SpawnHost
  readonly startDocumentWorker: () => DocumentWorkerHandle
  /** Where the built database worker is; the sources need none. */
  readonly databaseWorker?: URL
  /** Where the built worker is that checks the PINs of staff; the sources need none. */
  readonly pinWorker?: URL
  /** Folder with `ocr/kinds` and the like. */
  readonly assets: URL
  readonly software: string
  /** One-time code with which a new terminal enrols; none once it is enrolled. */
  readonly enrolmentCode: string | undefined
  /** Ends this process in order and has it started again, as staff may ask. */
  readonly restartKiosk: () => void
}

/** A whole terminal: every service, wired, whatever hosts it. */
export interface Terminal {
  readonly router: KioskRouter
  readonly session: SessionService
  readonly catalogue: Catalogue
  readonly outbox: Outbox
  readonly staff: StaffService
  /** Ends the session (with its wipe), then every service in order. */
  stop(): Promise<void>
}

/** What has been started, to be ended in the opposite order. */
type Undo = (() => unknown)[]

/**
 * Starts every service. Fails with a sentence for the person who starts it when the terminal must not serve; then nothing of
 * it is left running.
 */
export async function startTerminal(deps: TerminalDependencies): Promise<Result<Terminal, LocalText>> {
  const undo: Undo = []
  const terminal = await startServices(deps, undo).catch((error: unknown): Result<Terminal, LocalText> => {
    const code = faultCode(error)
    deps.log.log('app.crashed', { code })
    return err(text(`终端没有启动起来（${code}）。请检查数据目录、磁盘和安装是否完整。`, `The terminal did not start (${code}). Check the data folder, the disk and the installation.`))
  })
  if (!terminal.ok) for (const end of undo.reverse()) await end()
  return terminal
}

async function startServices(deps: TerminalDependencies, undo: Undo): Promise<Result<Terminal, LocalText>> {
  const { config, folder, clock } = deps
  const { log } = deps.log
  const startedAt = clock.now()

  const key = await openTerminalKey(folder.keys)
  if (!key.ok) return err(terminalKeySentence(key.error))
  const keyStore = await openFileKeyStore(folder.keys)
  if (!keyStore.ok) return err(keyStoreSentence(keyStore.error))
  const open = async (name: string, migrations: readonly string[]): Promise<Result<Database, LocalText>> => {
    const database = await openDatabase({ file: join(folder.database, name), migrations, ...(deps.databaseWorker && { workerUrl: deps.databaseWorker }) })
    if (!database.ok) {
      log('outbox.refused', { code: database.error.kind })
      return err(openFaultSentence(database.error))
    }
    undo.push(() => database.value.close())
    return database
  }
  const outboxDatabase = await open('outbox.db', OUTBOX_MIGRATIONS)
  if (!outboxDatabase.ok) return outboxDatabase
  const printingDatabase = await open('printing.db', PRINTING_MIGRATIONS)
  if (!printingDatabase.ok) return printingDatabase

  const pagesDatabase = await open('pages.db', PAGE_PRINTING_MIGRATIONS)
  if (!pagesDatabase.ok) return pagesDatabase

  const auditDatabase = await open(AUDIT_FILE, AUDIT_MIGRATIONS)
  if (!auditDatabase.ok) return auditDatabase
  const healthDatabase = await open('health.db', HEALTH_MIGRATIONS)
  if (!healthDatabase.ok) return healthDatabase
  const staffDatabase = await open('staff.db', STAFF_MIGRATIONS)
  if (!staffDatabase.ok) return staffDatabase
  const audit = await openAudit({ database: auditDatabase.value, keys: folder.keys, key: key.value, clock })
  const journal = await audit.verify()
  log('audit.opened', { rows: journal.count, whole: journal.whole })
  if (!journal.whole) log('audit.broken', { row: journal.broken.row, code: journal.broken.kind })
  const health = await openHealth({ database: healthDatabase.value, clock, log })
  undo.push(() => health.flush())
  const guard = await openGuard(staffDatabase.value, clock)

  const kinds = await readDocumentKinds(new URL('ocr/kinds/', deps.assets))
  const client = createOneWindowClient({
    ...nodePlatform, clock, baseUrl: `${config.backend.url.replace(/\/$/, '')}/v1`, terminalId: config.terminal.id, timeoutMs: config.backend.timeoutMs, sign: (signed) => key.value.sign(signed),
  })
  const registration = createRegistration({
    client, clock, folder: folder.keys, publicKey: key.value.publicKey, terminalId: config.terminal.id, region: config.terminal.region, name: config.terminal.name, software: deps.software, enrolmentCode: deps.enrolmentCode,
  })
  const outbox = await createOutbox({
    client, clock, folder: folder.attachments, database: outboxDatabase.value, keyStore: keyStore.value, random: () => randomInt(2 ** 32) / 2 ** 32,
    renew: () => registration.renew(), log,
  })
  undo.push(() => outbox.stop())
  const camera = createCameraWatch(config.devices, clock)
  const typedCodes = createTypedCodes(clock)
  const host = withHealth(withTypedCodes(withCamera(superviseDeviceHost({ devices: config.devices, spawn: deps.spawnDeviceHost, clock, log }), camera), typedCodes, config.devices), health, () => staff.signedIn())
  undo.push(() => host.stop())
  const inUse = devicesInUse(config.devices, () => host.reports())
  /** Where the card of the session under way was laid: the evidence names it. */
  let cardReader: DeviceId | undefined
  const printing = createPrinting({ database: printingDatabase.value, host, printer: inUse.printer('receipt-printer'), clock, log })
  undo.push(async () => printing.stop())
  await printing.recover()
  const pagePrinter = inUse.printer('page-printer')
  const pagePrinting = pagePrinter && createPagePrinting({ database: pagesDatabase.value, host, printer: pagePrinter, client, clock, log, newId: () => randomUUID() })
  await pagePrinting?.recover()
  /** What was logged last: a fresh worker for every citizen is no news. */
  let engineLogged = ''
  function engineIs(state: EngineState): void {
    const told = JSON.stringify(state)
    if (told === engineLogged) return
    engineLogged = told
    if (state.state === 'running') log('document-worker.engine', { engine: state.engine, passedOver: state.passedOver.join('+') || 'none' })
    if (state.state === 'unfit') log('document-worker.unfit', { code: engineFaultCode(state.fault) })
    staff.worldChanged()
  }
  const documents = createDocumentReader({ startWorker: deps.startDocumentWorker, clock, log: driverLog(log), kinds, deadlineMs: config.reading.pageLimitSeconds * 1000, settings: config.reading, onEngine: engineIs })
  undo.push(() => documents.stop())
  const pages = createPageStore()

  let outboxStatus: OutboxStatus = await outbox.status()
  function outboxIs(status: OutboxStatus): void {
    const { waiting, held, full } = outboxStatus
    outboxStatus = status
    if (status.waiting !== waiting || status.held !== held || status.full !== full) session.worldChanged()
    staff.worldChanged()
  }
  const can = (): Capabilities => capabilities(host.reports(), connection.state(), outboxStatus, inUse.serving)
  const heartbeat = (): Heartbeat => {
    // A disk fills, and a backlog grows old, without any event of the outbox: each beat looks.
    void outbox.status().then(outboxIs, () => undefined)
    const pack = catalogue.activePack()
    return {
      software: deps.software,
      ...(pack && { packVersion: pack.version }),
      sentAt: new Date(clock.now()).toISOString(),
      devices: host.reports().map(({ id, kind, status }) => ({ id, kind, state: status.state, since: new Date(status.since).toISOString(), ...(status.code !== undefined && { code: status.code }) })),
      offered: (staff.closed() === undefined ? (pack?.matters ?? []) : []).filter((matter) => availabilityOf(matter, can()).state !== 'unavailable').map((matter) => matter.id),
      outbox: { waiting: outboxStatus.waiting, held: outboxStatus.held, ...(outboxStatus.oldestMs !== undefined && { oldestMs: outboxStatus.oldestMs }) },
    }
  }
  const connection = createConnection({
    client, registration, heartbeat, clock,
    onChange: (network, code) => {
      log('backend.state', { network, ...(code !== undefined && { code }) })
      if (network === 'online') void outbox.online()
      session.worldChanged()
    },
  })
  undo.push(() => connection.stop())
  const catalogue = createCatalogue({
    folder: folder.catalogue, repositoryUrl: config.repository.url, rootFile: config.repository.rootFile, region: config.terminal.region, clock, log,
    sessionOpen: () => session.inSession(), refreshSeconds: config.repository.refreshSeconds,
    documentKinds: Object.fromEntries(kinds.map((kind) => [kind.id, kind.fields.map((field) => field.id)])),
  })

  undo.push(() => catalogue.stop())

  const sessionPorts = createPorts({
    log, clock, host, reader: () => (cardReader = inUse.cardReader()), scanner: (source) => inUse.scanner(source), client, outbox, printing, pagePrinting, documents, documentKinds: kinds, pages, doubt: () => connection.doubt(),
    context: () => {
      const pack = session.packInForce()
      if (pack === undefined) throw new Error('no session')
      return { pack, page: (id) => pages.file(id), terminalId: config.terminal.id, software: deps.software, cardReader: cardReader ?? inUse.cardReader() }
    },
  })
  /** Names of what cannot be done because of one device, were all others well. */
  const blocks = (device: string): readonly LocalText[] => {
    const reports = host.reports()
    if (reports.some((report) => report.id === device && isUsable(report.status.state))) return []
    const onlyThis = capabilities(reports.map((report) => (report.id === device ? report : { ...report, status: { state: 'ready', since: report.status.since } })), 'online', { waiting: 0, held: 0, full: false }, inUse.serving)
    return (catalogue.activePack()?.matters ?? []).filter((matter) => availabilityOf(matter, onlyThis).state === 'unavailable').map((matter) => matter.shortName)
  }
  const staff: StaffService = createStaff({
    clock, config, log, audit, guard, health, host, outbox, printing, blocks,
    checkPin: createPinCheck(clock, deps.pinWorker),
    loadAccounts: () => loadStaffAccounts(config.staff?.accountsFile ?? ''),
    citizenThere: () => session.citizenThere(),
    online: () => connection.state() === 'online',
    lastBackendAnswerAt: () => connection.lastAnswerAt(),
    packVersion: () => catalogue.activePack()?.version,
    software: deps.software,
    reading: () => documents.engine(),
    disk: () => statfs(folder.root).then(({ bavail, blocks: all, bsize }) => ({ freeBytes: bavail * bsize, totalBytes: all * bsize }), () => undefined),
    makeBundle: (recipient, facts) => makeBundle({ recipient, facts, dataFolder: folder.root, logs: folder.log, terminalId: config.terminal.id, clock }),
    restartKiosk: deps.restartKiosk,
    training: { folder: folder.training, documents, kinds },
  })
  undo.push(() => staff.stop())
  const session: SessionService = createSessionService({
    clock, config, log, staff, closed: () => staff.closed(), hours: () => staff.hours(), capabilities: can, reports: () => host.reports(), ports: sessionPorts.ports,
    activePack: () => catalogue.activePack(),
    wipe: () => {
      sessionPorts.wipe()
      typedCodes.wipe()
    },
    onFree: () => void catalogue.activateIfIdle(),
  })

  host.onReport(() => {
    session.worldChanged()
    staff.worldChanged()
  })
  staff.onChange(() => session.worldChanged())
  catalogue.onChange(() => session.worldChanged())
  outbox.onStatus(outboxIs)
  await catalogue.start()
  await outbox.start()
  documents.start()
  connection.start()
  log('app.ready', { tookMs: clock.now() - startedAt })

  return ok({
    router: createKioskRouter(session, pages, camera, typedCodes),
    session,
    catalogue,
    outbox,
    staff,
    stop: async () => {
      log('app.stopping', { code: 'asked' })
      session.stop()
      // Before anything else ends: who is signed in is signed out, and that is written down.
      await staff.stop()
      for (const end of undo.reverse()) await end()
    },
  })
}
