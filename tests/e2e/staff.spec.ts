import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { strFromU8, unzipSync } from 'fflate'
import { Secret, TOTP } from 'otpauth'
import type { Page } from '@playwright/test'
import { runAuditCommand } from '../../tools/audit.ts'
import { Citizen } from './citizen.ts'
import type { RunningKiosk } from './kiosk.ts'
import { expect, test } from './kiosk.ts'
import { Looker } from './looking.ts'
import { StaffMember } from './staff-member.ts'

test.use({ world: 'staff' })

const CLERK = { number: '1001', pin: '246810' } as const
const TECHNICIAN = { number: '2001', pin: '135790', card: 'chen-zhiyuan' } as const
const SLOW = { timeout: 30_000 } as const

interface DemoSecrets { readonly totp: string; readonly bundleIdentity: string }
const secretsOf = async (kiosk: RunningKiosk): Promise<DemoSecrets> => JSON.parse(await readFile(join(kiosk.folder, 'world', 'demo-staff.json'), 'utf8')) as DemoSecrets
const codeOf = async (kiosk: RunningKiosk): Promise<string> => new TOTP({ secret: Secret.fromBase32((await secretsOf(kiosk)).totp) }).generate()

const idleMatter = (page: Page, name: string) => page.locator('.idle-matter', { hasText: name })

test('the hidden pattern opens the sign-in, a wrong PIN is told, the right one opens the desk, and nothing of it stays in the page', async ({ page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-sign-in')
  await staff.openDoor()
  await staff.type(CLERK.number)
  await citizen.next()
  await staff.type('975310')
  const written = await page.content()
  expect(written).not.toContain('975310')
  await citizen.next()
  await expect(page.locator('[data-problem]')).toBeVisible(SLOW)
  await looker.look('wrong')
  await staff.enter('pin', CLERK.pin)
  expect(await page.content()).not.toContain(CLERK.pin)
  await citizen.next()
  await staff.sees('desk')
  await expect(page.locator('[data-role="clerk"]')).toBeVisible()
  const held = await page.evaluate(() => [document.documentElement.outerHTML, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), location.href, document.title].join('\n'))
  expect(held).not.toContain(CLERK.pin)
  await looker.look('desk')
  await staff.signOut()
  await expect(page.locator('[data-staff]')).toHaveCount(0)
  expect(looker.faults).toEqual([])
})

test('the clerk takes the scanner out of service: citizens read why, on the idle screen and in the guide, until it is back', async ({ page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-out')
  await staff.signIn(CLERK)
  await staff.chooseDevice('scanner')
  await citizen.press('device-out')
  await page.locator('[data-dialog="reason"] [data-value="cleaning"]').click()
  await citizen.press('confirm')
  await expect(page.locator('[data-device-detail="scanner"] [data-now]')).toContainText('恢复使用')
  await looker.look('device')
  await staff.signOut()
  const scans = page.locator('[data-ability="scan"]')
  await expect(scans).toHaveAttribute('data-works', 'false')
  await expect(scans).toContainText('正在清洁')
  await expect(idleMatter(page, '居住证')).toContainText('正在清洁')
  await citizen.next()
  await citizen.sees('matters')
  await page.locator('[data-matter="M05"]').click()
  await citizen.sees('guide')
  await expect(page.locator('.guide-notice')).toContainText('正在清洁')
  await citizen.leave()
  await staff.signIn(CLERK)
  await staff.chooseDevice('scanner')
  await citizen.press('device-back')
  await expect(page.locator('[data-device="scanner"]')).toHaveAttribute('data-concern', 'good', SLOW)
  await staff.signOut()
  await expect(scans).toHaveAttribute('data-works', 'true', SLOW)
  expect(looker.faults).toEqual([])
})

test('paper ends: the idle screen says so, the staff page says what to do, and a new roll begins its count anew', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-paper')
  const prints = page.locator('[data-ability="print"]')
  const proof = idleMatter(page, '社会保险')
  await kiosk.tell('receipt-printer', { kind: 'paper-out' })
  await expect(proof).toContainText('没有纸了')
  await expect(proof).toHaveClass(/unavailable/)
  await expect(prints).toHaveAttribute('data-works', 'false')
  await looker.look('idle')

  await staff.signIn(CLERK)
  await staff.chooseDevice('receipt-printer')
  await expect(page.locator('[data-device-detail="receipt-printer"] [data-now]')).toContainText('纸')
  await looker.look('out')
  await kiosk.tell('receipt-printer', { kind: 'load-paper' })
  await expect(page.locator('[data-device="receipt-printer"]')).toHaveAttribute('data-concern', 'good')

  // A short rest of a roll first, so that one receipt is seen in its count.
  const left = page.locator('[data-device-detail="receipt-printer"] [role="meter"]')
  await staff.changePaper(50, 4)
  await expect(left).toHaveAttribute('aria-valuenow', '100')
  await citizen.press('test')
  await staff.sees('test')
  await expect(page.locator('[data-question="looking"]')).toBeVisible(SLOW)
  await citizen.press('answer-yes')
  await expect(page.locator('[data-test="ended"]')).toHaveAttribute('data-passed', 'true', SLOW)
  await citizen.press('test-close')
  await expect(left).toHaveAttribute('aria-valuenow', /^9\d$/)
  await staff.changePaper(50)
  await expect(left).toHaveAttribute('aria-valuenow', '100')
  await staff.signOut()
  await expect(prints).toHaveAttribute('data-works', 'true')
  await expect(proof).toHaveClass(/\bavailable\b/)
  expect(looker.faults).toEqual([])
})

test('the whole machine is tested to the end, by the hands and eyes that it asks for, and the readiness report comes out', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-test')
  await staff.signIn(CLERK)
  await citizen.press('test-all')
  await expect(page.locator('[data-test="asking"]')).toBeVisible(SLOW)
  const yes = (): Promise<void> => citizen.press('answer-yes')
  const hands: Readonly<Record<string, () => Promise<void>>> = {
    'card-reader.read': () => kiosk.lay('zhou-guilan'),
    'code-scanner.read': () => kiosk.tell('code-scanner', { kind: 'show-sample', code: 'licence' }),
    'scanner.scan': async () => {
      await kiosk.tell('scanner', { kind: 'lay', page: 'lease' })
      await yes()
    },
    'receipt-printer.look': yes, 'page-printer.look': yes, 'machine.clock': yes, 'machine.screen': yes,
  }
  const looked = new Set(['receipt-printer.look'])
  const steps = await page.locator('[data-step]').evaluateAll((all) => all.map((step) => step.getAttribute('data-step') ?? ''))
  expect(steps).toEqual(expect.arrayContaining(Object.keys(hands)))
  for (const id of steps) {
    const step = page.locator(`[data-step="${id}"]`)
    const hand = hands[id]
    if (hand !== undefined) {
      await expect(step).toHaveAttribute('data-state', 'running', SLOW)
      await expect(page.locator('[data-question]')).toBeVisible(SLOW)
      if (looked.has(id)) await looker.look(id.replace('.', '-'))
      await hand()
    }
    await expect(step).toHaveAttribute('data-state', 'passed', SLOW)
  }
  await kiosk.tell('card-reader', { kind: 'lift' })
  await kiosk.tell('scanner', { kind: 'lift' })
  await expect(page.locator('[data-test="ended"]')).toHaveAttribute('data-passed', 'true', SLOW)
  await looker.look('ended')
  await citizen.press('print-report')
  const report = async (): Promise<string> => (await kiosk.state()).things['receipt-printer'].receipts.at(-1)?.lines.join('\n') ?? ''
  await expect.poll(report, SLOW).toContain('可以对外服务')
  const lines = await report()
  expect(lines).toContain('自检报告')
  expect(lines).toContain(CLERK.number)
  expect(lines).not.toContain('未通过')
  expect(lines).not.toContain('?')
  await citizen.press('test-close')
  await staff.signOut()
  expect(looker.faults).toEqual([])
})

test('the technician restarts the device host with a code and makes a bundle with the staff card; the journal is whole', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-technician')
  const hostsBefore = await kiosk.logged('device-host.up')
  await staff.signIn(TECHNICIAN)
  await staff.show('machine')
  await looker.look('machine')
  await citizen.press('restart-devices')
  await citizen.press('confirm')
  await staff.sees('second-factor')
  await staff.enter('code', await codeOf(kiosk))
  await citizen.next()
  await staff.sees('desk')
  await expect(page.locator('[data-notice="done"]')).toBeVisible(SLOW)
  await expect.poll(() => kiosk.logged('device-host.up'), SLOW).toBe(hostsBefore + 1)
  await staff.show('devices')
  await expect(page.locator('[data-device]')).toHaveCount(5)
  await expect(page.locator('[data-device][data-concern="good"]')).toHaveCount(5, SLOW)
  await staff.signOut()

  // Another sign-in: the proof of the last one has ended with it.
  await staff.signIn(TECHNICIAN)
  await staff.show('machine')
  await citizen.press('bundle')
  await staff.sees('second-factor')
  await page.locator('[data-way-choice="card"]').click()
  await expect(page.locator('[data-way="card"]')).toBeVisible()
  await kiosk.lay(TECHNICIAN.card)
  await staff.sees('desk', SLOW.timeout)
  const ready = page.locator('[data-bundle] .machine-file')
  await expect(ready).toBeVisible(SLOW)
  await kiosk.tell('card-reader', { kind: 'lift' })
  await looker.look('bundle')
  const decrypter = new Decrypter()
  decrypter.addIdentity((await secretsOf(kiosk)).bundleIdentity)
  const files = unzipSync(await decrypter.decrypt(new Uint8Array(await readFile(await ready.innerText()))))
  const words = Object.values(files).map((bytes) => strFromU8(bytes)).join('\n')
  expect(words).toContain('DEMO-990101-0001')
  for (const secret of [TECHNICIAN.pin, CLERK.pin, '陈志远', '周桂兰']) expect(words).not.toContain(secret)

  await staff.show('journal')
  await expect(page.locator('[data-chain="whole"]')).toBeVisible(SLOW)
  const journal = page.locator('[data-staff-page="journal"]')
  for (const act of ['重启', '诊断包', '动态口令', '工作人员卡', '登录']) await expect(journal.locator('.journal-what', { hasText: act }).first()).toBeAttached()
  await looker.look('journal')
  await staff.signOut()
  const said: string[] = []
  expect(await runAuditCommand(['verify', '--folder', kiosk.dataFolder], (line) => said.push(line), (line) => said.push(line)), said.join('\n')).toBe(0)
  expect(looker.faults).toEqual([])
})

test('the clerk tries reading on a picture from the training folder: what citizens would be told, each value, and nothing kept', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-training')
  const folder = join(kiosk.dataFolder, 'training')
  await copyFile(new URL('../../sandbox/devices/scanner/pages/lease.jpg', import.meta.url), join(folder, '租约.jpg'))
  await writeFile(join(folder, 'notes.txt'), 'no picture')
  await staff.signIn(CLERK)
  await staff.show('training')
  await expect(page.locator('[data-file]')).toHaveCount(1)
  await looker.look('pictures')
  await page.locator('[data-file="租约.jpg"]').click()
  await page.locator('[data-source="glass"]').click()
  await page.locator('[data-paper="residence-lease"]').click()
  await looker.look('paper')
  await citizen.press('try')
  await expect(page.locator('[data-end="read"]')).toBeVisible(SLOW)
  await expect(page.locator('[data-paper-is]')).toHaveText('房屋租赁合同')
  await expect(page.locator('[data-field="tenantNumber"][data-state="sure"]')).toContainText('990101199011050014')
  await looker.look('read')
  await citizen.press('try-close')
  await expect(page.locator('[data-field]')).toHaveCount(0)
  await staff.signOut()
  expect((await readdir(folder)).sort()).toEqual(['notes.txt', '租约.jpg'])
  expect(looker.faults).toEqual([])
})

test('the whole terminal is taken out of service: citizens read why, and it comes back', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const staff = new StaffMember(page)
  const looker = new Looker(page, 'staff-terminal')
  await staff.signIn(CLERK)
  await staff.show('machine')
  await citizen.press('terminal-out')
  await page.locator('[data-dialog="reason"] [data-value="repair-called"]').click()
  await citizen.press('confirm')
  await staff.sees('second-factor')
  await staff.enter('code', await codeOf(kiosk))
  await citizen.next()
  await staff.sees('desk')
  await expect(page.locator('[data-action="terminal-back"]')).toBeVisible(SLOW)
  await citizen.press('sign-out')
  await citizen.sees('out-of-service')
  await expect(page.locator('[data-reason]')).toContainText('本机已报修')
  await looker.look('citizens')
  await staff.signIn(CLERK)
  await staff.show('machine')
  await citizen.press('terminal-back')
  await expect(page.locator('[data-action="terminal-out"]')).toBeVisible(SLOW)
  await staff.signOut()
  expect(looker.faults).toEqual([])
})
