import { parseCaseNumber } from '../../core/one-window/case-number.ts'
import { Citizen } from './citizen.ts'
import type { RunningKiosk } from './kiosk.ts'
import { expect, test } from './kiosk.ts'

/** A citizen with everything filled in for M12, one touch before the signature. */
async function readyToSign(kiosk: RunningKiosk, citizen: Citizen, person: string): Promise<void> {
  await citizen.begin('M12')
  await citizen.answerAll({ who: 'self', household: 'local', case: 'replace' })
  await citizen.next()
  await kiosk.lay(person)
  await citizen.sees('consent')
  await citizen.next()
  await citizen.type('phone', '10000000003')
  await citizen.choose('delivery', 'community')
  await citizen.finishForm()
  await citizen.sees('materials')
  await citizen.next()
  await citizen.sees('review')
  await citizen.next()
}

const casesOf = async (kiosk: RunningKiosk, matter: string): Promise<number> => (await kiosk.state()).things.backend.cases.filter((one) => one.matter === matter).length

test.use({ world: 'trouble' })

test.afterEach(async ({ kiosk }) => {
  await kiosk.tell('backend', { kind: 'offline', on: false })
  await kiosk.tell('backend', { kind: 'drop-after-commit', times: 0 })
  await kiosk.tell('receipt-printer', { kind: 'load-paper' })
  await kiosk.tell('card-reader', { kind: 'pull-mid-read', afterBytes: null })
})

test('the network is cut before submitting: kept here, not yet received; when it is back there is one case', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const before = await casesOf(kiosk, 'M12')
  const lastPaper = await kiosk.newestPaper()
  await readyToSign(kiosk, citizen, 'zhou-guilan')
  await kiosk.tell('backend', { kind: 'offline', on: true })
  await citizen.sign()
  await citizen.sees('outcome', 60_000)
  await expect(page.locator('[data-outcome="kept"]')).toBeVisible()
  await expect(page.getByText('尚未送达受理部门').first()).toBeVisible()
  await citizen.paperIs('printed')
  const slips = await kiosk.papersAfter(lastPaper)
  expect(slips).toHaveLength(1)
  expect(slips[0]?.complete).toBe(true)
  expect(slips[0]?.lines.join('\n')).toContain('尚未送达受理机关')
  expect(await casesOf(kiosk, 'M12')).toBe(before)
  await citizen.next()
  await citizen.leave()
  await kiosk.tell('backend', { kind: 'offline', on: false })
  await expect.poll(() => casesOf(kiosk, 'M12'), { timeout: 90_000 }).toBe(before + 1)
})

test('the answer is lost after the commit: the citizen sees one case number, and there is one case', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  const before = await casesOf(kiosk, 'M12')
  await readyToSign(kiosk, citizen, 'he-jianguo')
  await kiosk.tell('backend', { kind: 'drop-after-commit', times: 1 })
  await citizen.sign()
  await citizen.sees('outcome', 60_000)
  await expect.poll(() => casesOf(kiosk, 'M12'), { timeout: 90_000 }).toBe(before + 1)
  await citizen.next()
  const skip = page.locator('[data-action="skip-evaluation"]')
  await expect(skip.or(citizen.screen('farewell'))).toBeVisible()
  if (await skip.isVisible()) await skip.click()
  await citizen.leave()
  // Whatever the background still sends, it stays at one.
  await kiosk.tell('backend', { kind: 'offline', on: false })
  expect(await casesOf(kiosk, 'M12')).toBe(before + 1)
})

test('the card is pulled away while it is read: the screen asks for it again, and nothing of it was shown', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  await citizen.begin('M12')
  await citizen.answerAll({ who: 'self', household: 'local', case: 'replace' })
  await citizen.next()
  await citizen.sees('identify')
  await kiosk.tell('card-reader', { kind: 'pull-mid-read', afterBytes: 400 })
  await kiosk.lay('zhou-guilan')
  await expect.poll(async () => (await kiosk.state()).things['card-reader'].card).toBe(null)
  await expect(page.getByText('周*兰')).toHaveCount(0)
  await citizen.sees('identify')
  await kiosk.lay('zhou-guilan')
  await citizen.sees('consent', 30_000)
  await expect(page.getByText('周*兰').first()).toBeVisible()
  await citizen.leave()
})

test('the paper ends in the middle of the receipt: the case number stands on the screen, and with a new roll one marked reprint comes by itself', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  await citizen.begin('M01')
  await citizen.answerAll({ who: 'self', places: 'one' })
  await citizen.next()
  await kiosk.lay('lin-xiaowen')
  await citizen.sees('consent')
  await citizen.next()
  await citizen.choose('kinds', 'pension')
  await citizen.chooseDate('from', '2024', 1)
  await citizen.chooseDate('to', '2024', 12)
  await citizen.finishForm()
  await citizen.sees('review')
  const lastPaper = await kiosk.newestPaper()
  await kiosk.tell('receipt-printer', { kind: 'paper-out-after', lines: 6 })
  await citizen.next()
  await citizen.sees('outcome', 30_000)
  const number = (await page.locator('[data-case-number]').getAttribute('data-number')) ?? ''
  // Its check character is a digit or a letter, by the day and the count.
  expect(parseCaseNumber(number)).toBe(number)
  await expect.poll(async () => (await kiosk.state()).things['receipt-printer'].paper, { timeout: 30_000 }).toBe('out')
  await citizen.paperIs('printing')
  // Somebody puts a roll in while the citizen still stands there, quicker than any hand: the printer would run on by itself.
  await kiosk.tell('receipt-printer', { kind: 'load-paper' })
  await citizen.paperIs('printed', 60_000)
  // The paper is the judge: what was torn off is no receipt, a stub says so, and the one whole receipt bears its mark.
  const papers = await kiosk.papersAfter(lastPaper)
  expect(papers[0]).toMatchObject({ complete: false, end: 'paper-end' })
  const [stub, receipt, ...more] = papers.filter(({ complete }) => complete).map(({ lines }) => lines.join('\n'))
  expect(stub).toContain('作　废')
  expect(stub).toContain(number)
  expect(receipt).toContain('第2次打印')
  expect(receipt).toContain(number)
  expect(receipt).toContain('验证码')
  expect(more).toEqual([])
  await citizen.next()
  await page.locator('[data-action="skip-evaluation"]').click()
  await citizen.leave()
})

test('the page is reloaded in mid-session: only the same card goes on', async ({ kiosk, page }) => {
  const citizen = new Citizen(page)
  await citizen.begin('M12')
  await citizen.answerAll({ who: 'self', household: 'local', case: 'replace' })
  await citizen.next()
  await kiosk.lay('zhou-guilan')
  await citizen.sees('consent')
  await citizen.next()
  await citizen.sees('form')
  await page.reload()
  await citizen.sees('resume')
  await expect(page.getByText('周')).toHaveCount(0)
  await kiosk.lay('zhou-guilan')
  await citizen.sees('form', 30_000)
  await citizen.leave()
})

test('without paper an application can still be made, and the machine says so before it begins', async ({ kiosk, page }) => {
  await kiosk.tell('receipt-printer', { kind: 'paper-out' })
  await expect(page.locator('[data-ability="print"]')).toHaveAttribute('data-works', 'false')
  await kiosk.tell('receipt-printer', { kind: 'load-paper' })
  await expect(page.locator('[data-ability="print"]')).toHaveAttribute('data-works', 'true')
})
