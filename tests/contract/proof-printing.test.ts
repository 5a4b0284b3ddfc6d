import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeviceId, IdempotencyKey } from '../../core/ids.ts'
import { freezeSubmission } from '../../core/one-window/client.ts'
import { ok } from '../../core/result/result.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createPagePrinter } from '../../drivers/page-printer/service.ts'
import { openDatabase } from '../../electron/services/database/database.ts'
import { createPagePrinting, PAGE_PRINTING_MIGRATIONS } from '../../electron/services/printing-pages/page-printing.ts'
import { VirtualPagePrinter } from '../../sandbox/devices/page-printer/virtual-page-printer.ts'
import { CHEN, openWorld, submission } from './one-window-world.ts'

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

describe('a proof', () => {
  it('issued by the backend comes out of the printer byte for byte, once', async () => {
    const world = await openWorld()
    cleanUps.push(() => world.close())
    await world.enrol()
    const client = world.client()
    const received = await client.submitCase(freezeSubmission({ ...submission('M01', CHEN), localNumber: 'K260101-TESTAA' }), randomUUID() as IdempotencyKey)
    if (!received.ok || received.value.proof === undefined) throw new Error('no proof')
    const { caseNumber, proof: { verificationCode } } = received.value

    const printer = new VirtualPagePrinter({ clock: systemClock, pageMs: 50 })
    await printer.start()
    cleanUps.push(() => printer.stop())
    const driver = createPagePrinter({ id: 'pages', class: 'page-printer', address: { kind: 'ipp', url: printer.url }, via: 'printer', duplex: false }, { clock: systemClock, log: () => undefined })
    driver.start()
    cleanUps.push(() => driver.stop())
    const database = await openDatabase({ file: join(world.folder, 'pages.db'), migrations: PAGE_PRINTING_MIGRATIONS })
    if (!database.ok) throw new Error(database.error.kind)
    cleanUps.push(() => database.value.close())
    const printing = createPagePrinting({
      database: database.value, client, clock: systemClock, printer: 'pages' as DeviceId, log: () => undefined, newId: () => randomUUID(),
      host: { reports: () => [], printPages: (_device, job, onProgress) => driver.print({ ...job, pdf: Uint8Array.from(job.pdf) }, onProgress) },
    })

    const still = new AbortController().signal
    expect(await printing.printProof({ caseNumber, verificationCode }, still)).toEqual(ok({ kind: 'printed', pages: 1 }))
    expect(await printing.printProof({ caseNumber, verificationCode }, still)).toMatchObject({ value: { kind: 'unknown' } })
    const documents = printer.documents()
    expect(documents).toHaveLength(1)
    expect(documents[0]?.name).not.toContain(caseNumber)
    expect((await PDFDocument.load(documents[0]?.pdf ?? new Uint8Array())).getTitle()).toContain(verificationCode)
  })
})
