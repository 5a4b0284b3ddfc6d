import type { SKRSContext2D } from '@napi-rs/canvas'
import { createCanvas } from '@napi-rs/canvas'
import { PDFDocument } from 'pdf-lib'
import QRCode from 'qrcode'
import type { Proof } from '../../core/one-window/types.ts'
import { printFontOf } from '../devices/receipt-printer/print-font.ts'

/** A4 upright in dots at 300 dpi, and in points. */
const WIDTH = 2480
const HEIGHT = 3508
const A4_POINTS = [595.28, 841.89] as const
const MARGIN = 260
const ROW_HEIGHT = 96
const ROWS_ON_FIRST_PAGE = 13
const ROWS_ON_NEXT_PAGES = 24
const TOTALS_IN_A_LINE = 3
const INK = '#1a1a1a'
const SEAL_RED = '#c8161d'

const KINDS: Readonly<Record<Proof['rows'][number]['kind'], string>> = {
  pension: '基本养老保险', medical: '基本医疗保险', unemployment: '失业保险', 'work-injury': '工伤保险', maternity: '生育保险',
}
const COLUMNS = [
  { title: '险种', at: 0, width: 430 }, { title: '起始年月', at: 430, width: 300 }, { title: '截止年月', at: 730, width: 300 },
  { title: '月数', at: 1030, width: 170 }, { title: '参保单位', at: 1200, width: 760 },
] as const

/**
 * The proof as the sandbox's platform would issue it: a PDF of A4 pages with verification code, QR and a seal that says that
 * it is a demonstration. Each page is one picture, so that it looks the same on machines without any fonts.
 */
export async function drawProof(proof: Proof): Promise<{ readonly pdf: Uint8Array; readonly pages: number }> {
  const pages = pagesOf(proof.rows)
  const document = await PDFDocument.create()
  document.setTitle(`Proof ${proof.verificationCode} (demonstration)`)
  document.setCreationDate(new Date(proof.issuedAt))
  document.setModificationDate(new Date(proof.issuedAt))
  for (const [index, rows] of pages.entries()) {
    const picture = await document.embedJpg(await drawPage(proof, rows, index + 1, pages.length))
    document.addPage([...A4_POINTS]).drawImage(picture, { x: 0, y: 0, width: A4_POINTS[0], height: A4_POINTS[1] })
  }
  return { pdf: await document.save(), pages: pages.length }
}

function pagesOf(rows: Proof['rows']): readonly Proof['rows'][] {
  const pages: Proof['rows'][] = [rows.slice(0, ROWS_ON_FIRST_PAGE)]
  for (let from = ROWS_ON_FIRST_PAGE; from < rows.length; from += ROWS_ON_NEXT_PAGES) pages.push(rows.slice(from, from + ROWS_ON_NEXT_PAGES))
  return pages
}

async function drawPage(proof: Proof, rows: Proof['rows'], page: number, pages: number): Promise<Uint8Array> {
  const canvas = createCanvas(WIDTH, HEIGHT)
  const context = canvas.getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, WIDTH, HEIGHT)
  watermark(context)
  context.fillStyle = INK
  let y = 420
  if (page === 1) {
    write(context, proof.title['zh-CN'], WIDTH / 2, y, 96, 'center', true)
    write(context, proof.title.en, WIDTH / 2, (y += 90), 44, 'center')
    y += 130
    for (const [label, value] of [['姓名', proof.holder.name], ['证件号码', proof.holder.numberMasked], ['验证码', proof.verificationCode], ['出具时间', chinaMinute(proof.issuedAt)]] as const) {
      write(context, `${label}：`, MARGIN, y, 52)
      write(context, value, MARGIN + 290, y, 52, 'left', true)
      y += 88
    }
    await drawCode(context, proof.verifyUrl, WIDTH - MARGIN - 330, 600, 330)
    y += 20
  }
  y = table(context, rows, y)
  if (page === pages) {
    y += 60
    const totals = proof.totals.map(({ kind, months }) => `${KINDS[kind]} ${months} 个月`)
    for (let from = 0; from < totals.length; from += TOTALS_IN_A_LINE) {
      write(context, `${from === 0 ? '合计：' : ''}${totals.slice(from, from + TOTALS_IN_A_LINE).join('；')}`, MARGIN + (from === 0 ? 0 : 132), (y += 70), 44)
    }
    write(context, '本证明可凭验证码在出具单位核验。本件为演示数据，不作任何用途。', MARGIN, (y += 90), 44)
    write(context, proof.issuer['zh-CN'], WIDTH - MARGIN - 420, (y += 260), 56, 'center', true)
    write(context, chinaMinute(proof.issuedAt).slice(0, 10), WIDTH - MARGIN - 420, (y += 90), 48, 'center')
    seal(context, proof.issuer['zh-CN'], WIDTH - MARGIN - 1_080, y - 60)
  }
  context.fillStyle = INK
  write(context, `第 ${page} 页 / 共 ${pages} 页`, WIDTH / 2, HEIGHT - 150, 38, 'center')
  return canvas.encode('jpeg', 88)
}

/** Characters come from slices of a font, each a family of its own: text is set run by run. */
function write(context: SKRSContext2D, text: string, x: number, y: number, size: number, align: 'left' | 'center' = 'left', bold = false): number {
  const glyphs = Array.from(text, (character) => {
    context.font = `${size}px ${printFontOf(character)}`
    return { character, font: context.font, width: context.measureText(character).width }
  })
  const width = glyphs.reduce((sum, glyph) => sum + glyph.width, 0)
  let at = align === 'center' ? x - width / 2 : x
  for (const glyph of glyphs) {
    context.font = glyph.font
    context.fillText(glyph.character, at, y)
    // The bundled font comes in its thinnest weight: an outline makes it legible on paper, a broader one makes it bold.
    context.lineWidth = size / (bold ? 20 : 36)
    context.strokeStyle = context.fillStyle
    context.strokeText(glyph.character, at, y)
    at += glyph.width
  }
  return width
}

function table(context: SKRSContext2D, rows: Proof['rows'], from: number): number {
  const right = MARGIN + 1960
  let y = from
  context.strokeStyle = INK
  context.lineWidth = 3
  const line = (): void => {
    context.strokeStyle = INK
    context.lineWidth = 3
    context.beginPath()
    context.moveTo(MARGIN, y)
    context.lineTo(right, y)
    context.stroke()
  }
  line()
  for (const column of COLUMNS) write(context, column.title, MARGIN + column.at + column.width / 2, y + 64, 46, 'center', true)
  y += ROW_HEIGHT
  line()
  for (const row of rows) {
    const cells = [KINDS[row.kind], row.from, row.to, String(row.months), row.employer]
    COLUMNS.forEach((column, index) => write(context, cells[index] ?? '', MARGIN + column.at + column.width / 2, y + 62, sizeFor(context, cells[index] ?? '', column.width), 'center'))
    y += ROW_HEIGHT
    line()
  }
  for (const at of [0, ...COLUMNS.slice(1).map((column) => column.at), 1960]) {
    context.beginPath()
    context.moveTo(MARGIN + at, from)
    context.lineTo(MARGIN + at, y)
    context.stroke()
  }
  return y
}

/** A long name of a unit is set smaller rather than cut. */
function sizeFor(context: SKRSContext2D, text: string, width: number): number {
  const usual = 44
  const needed = Array.from(text).reduce((sum, character) => {
    context.font = `${usual}px ${printFontOf(character)}`
    return sum + context.measureText(character).width
  }, 0)
  return needed <= width - 30 ? usual : Math.floor((usual * (width - 30)) / needed)
}

async function drawCode(context: SKRSContext2D, content: string, x: number, y: number, size: number): Promise<void> {
  const { modules } = QRCode.create(content, { errorCorrectionLevel: 'M' })
  const module = Math.floor(size / modules.size)
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) !== 0) context.fillRect(x + column * module, y + row * module, module, module)
    }
  }
}

/** Round and red as seals are, and plainly none: no star, and the word "demonstration" across it. */
function seal(context: SKRSContext2D, issuer: string, x: number, y: number): void {
  const radius = 240
  context.save()
  context.globalAlpha = 0.8
  context.strokeStyle = SEAL_RED
  context.fillStyle = SEAL_RED
  context.lineWidth = 10
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.stroke()
  const letters = Array.from(issuer)
  const step = (1.3 * Math.PI) / Math.max(1, letters.length)
  letters.forEach((letter, index) => {
    const angle = -Math.PI / 2 + (index - (letters.length - 1) / 2) * step
    context.save()
    context.translate(x + Math.cos(angle) * (radius - 62), y + Math.sin(angle) * (radius - 62))
    context.rotate(angle + Math.PI / 2)
    write(context, letter, 0, 18, 50, 'center', true)
    context.restore()
  })
  write(context, '演示电子印章', x, y + 16, 46, 'center', true)
  write(context, 'DEMONSTRATION', x, y + 90, 34, 'center', true)
  context.restore()
}

function watermark(context: SKRSContext2D): void {
  context.save()
  context.fillStyle = '#ececec'
  context.translate(WIDTH / 2, HEIGHT / 2)
  context.rotate(-Math.PI / 5)
  for (const row of [-900, -300, 300, 900]) write(context, '演示 DEMONSTRATION', 0, row, 150, 'center')
  context.restore()
}

/** Issued time as it stands on paper: Beijing time, to the minute. */
function chinaMinute(iso: string): string {
  return new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

