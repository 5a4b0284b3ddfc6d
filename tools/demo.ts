/**
 * `npm run demo`: one citizen's whole journey, played by itself on the real start: card, situation, form, lease on the glass,
 * signature, submission, receipt. Leaves a picture of every screen, the printed receipt, the case as the backend holds it,
 * and a table of times in `out/demo`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Citizen } from '../tests/e2e/citizen.ts'
import { launchBrowser, PORTRAIT, RunningKiosk } from '../tests/e2e/running-kiosk.ts'

const OUT = join(dirname(dirname(fileURLToPath(import.meta.url))), 'out', 'demo')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Step { readonly name: string; readonly ms: number }
const steps: Step[] = []
let pictures = 0

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const value = await work()
  const ms = performance.now() - begun
  steps.push({ name, ms })
  say(`  ${name} — ${(ms / 1000).toFixed(1)} s`)
  return value
}

await rm(OUT, { recursive: true, force: true })
await mkdir(OUT, { recursive: true })
const begun = performance.now()
say('· 演示开始 / the demonstration begins')
const kiosk = await timed('启动沙箱与终端 / start of sandbox and kiosk', () => RunningKiosk.start())
const browser = await launchBrowser()
try {
  const context = await browser.newContext({ viewport: PORTRAIT, hasTouch: true, locale: 'zh-CN', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const citizen = new Citizen(page)
  const picture = async (name: string): Promise<void> => {
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: join(OUT, `${String(++pictures).padStart(2, '0')}-${name}.png`) })
  }
  await timed('页面打开，设备就绪 / page open, devices ready', async () => {
    await page.goto(`${kiosk.bench}/kiosk`)
    await citizen.sees('idle', 30_000)
    await page.locator('[data-ability][data-works="true"]').nth(3).waitFor({ timeout: 30_000 })
  })
  await picture('idle')
  await timed('找事项、看指南 / find the matter, read the guide', async () => {
    await citizen.next()
    await citizen.sees('matters')
    await picture('matters')
    await page.locator('[data-matter="M05"]').click()
    await citizen.sees('guide')
    await picture('guide')
    await citizen.next()
  })
  await timed('回答情形问题 / answer the situation questions', async () => {
    await citizen.sees('question')
    await picture('question')
    await citizen.answer('kind', 'apply')
    await citizen.answer('halfYear', 'yes')
    await citizen.answer('basis', 'home')
    await citizen.answer('who', 'self')
    await citizen.sees('checklist')
    await picture('checklist')
    await citizen.next()
  })
  await citizen.sees('identify')
  await picture('identify')
  await timed('放卡到读出 / card laid to identity on screen', async () => {
    await kiosk.lay('chen-zhiyuan')
    await citizen.sees('consent')
  })
  await picture('consent')
  await citizen.next()
  await timed('填表 / fill the form', async () => {
    await citizen.sees('form')
    await picture('form')
    await citizen.chooseDate('since', '2024', 3, 1)
    await citizen.choose('homeHeld', 'rented')
    await picture('form-living')
    await citizen.type('phone', '10000000001')
    await citizen.choose('delivery', 'pick-up')
    await citizen.finishForm()
    await citizen.sees('materials')
  })
  await picture('materials')
  await timed('调取电子证照 / fetch an electronic licence', async () => {
    await citizen.give('photo', 'licence')
    await citizen.given('photo')
  })
  await citizen.give('home-proof', 'scan', 'lease')
  await citizen.sees('scan')
  await picture('scan-lay')
  await kiosk.tell('scanner', { kind: 'lay', page: 'lease' })
  await timed('扫描一页 / scan a page', async () => {
    await citizen.next()
    await page.locator('[data-stage="look"]').waitFor({ timeout: 60_000 })
  })
  await picture('scan-look')
  await timed('识别租赁合同 / read the lease', async () => {
    await citizen.next()
    await page.locator('[data-stage="confirm"]').waitFor({ timeout: 90_000 })
  })
  await picture('scan-confirm')
  await citizen.confirmRead()
  await citizen.given('home-proof')
  await timed('预审 / pre-check', async () => {
    await citizen.next()
    await citizen.sees('review')
  })
  await picture('review')
  await citizen.next()
  await citizen.sees('sign')
  await picture('sign')
  await timed('签名、提交、收件 / sign, submit, received', async () => {
    await citizen.sign()
    await page.locator('[data-outcome="received"]').waitFor({ timeout: 60_000 })
  })
  await timed('打印回执 / print the receipt', () => page.locator('[data-printing="printed"]').first().waitFor({ timeout: 60_000 }))
  await picture('outcome')
  const number = await page.locator('[data-number]').first().getAttribute('data-number')
  await citizen.next()
  await citizen.sees('evaluation')
  await picture('evaluation')
  await page.locator('[data-grade="5"]').click()
  await citizen.next()
  await citizen.sees('farewell')
  await picture('farewell')
  await citizen.leave()
  await picture('idle-again')

  const { things, links } = await kiosk.state()
  const receipt = things['receipt-printer'].receipts.at(-1)
  if (receipt !== undefined) {
    await writeFile(join(OUT, 'receipt.png'), await kiosk.picture('receipts', receipt.pngId))
    await writeFile(join(OUT, 'receipt.txt'), `${receipt.lines.join('\n')}\n`)
  }
  const filed = things.backend.cases.find((one) => one.number === number)
  await writeFile(join(OUT, 'case.json'), `${JSON.stringify(filed, null, 2)}\n`)
  const desk = await context.newPage()
  await desk.setViewportSize({ width: 1280, height: 1600 })
  await desk.goto(new URL(`cases/${number ?? ''}`, links['backend']).href)
  await desk.screenshot({ path: join(OUT, 'case.png'), fullPage: true })
  await context.close()
} finally {
  await browser.close()
  await kiosk.stop()
}
const totalMs = performance.now() - begun
const table = [
  '# 演示用时 / Times of the demonstration', '',
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`, '',
  '| 步骤 / step | 秒 / s |', '| --- | ---: |',
  ...steps.map(({ name, ms }) => `| ${name} | ${(ms / 1000).toFixed(1)} |`),
  `| 合计（含截图） / total, with pictures | ${(totalMs / 1000).toFixed(1)} |`, '',
].join('\n')
await writeFile(join(OUT, 'times.md'), table)
say(`\n${table}\n图片与回执 / pictures and receipt: ${OUT}`)
