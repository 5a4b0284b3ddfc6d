import { decode } from 'fast-png'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { Box } from '../../core/document/engine.ts'
import type { ColourPicture } from '../../sandbox/papers/picture.ts'
import { inColour } from '../../sandbox/papers/picture.ts'
import type { PaperDesign } from './paper.ts'

const CSS_PIXELS_PER_INCH = 96
const MM_PER_INCH = 25.4

export interface PrintedLine {
  readonly text: string
  readonly box: Box
}

/** A clean page with what stands on it; boxes in pixels of the picture. */
export interface RenderedPaper {
  readonly picture: ColourPicture
  readonly lines: readonly PrintedLine[]
  readonly fields: readonly { readonly id: string; readonly value: string; readonly lines: readonly string[]; readonly box: Box }[]
}

/** A browser that draws the same seed to the same bytes: no hinting and no colour fringes at the edges of letters. */
export async function openPress(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--no-first-run', '--font-render-hinting=none', '--disable-lcd-text'],
  })
}

export async function render(browser: Browser, design: PaperDesign, dpi: number): Promise<RenderedPaper> {
  const cssPixels = (mm: number): number => Math.round((mm / MM_PER_INCH) * CSS_PIXELS_PER_INCH)
  const scale = dpi / CSS_PIXELS_PER_INCH
  const page = await browser.newPage({ viewport: { width: cssPixels(design.widthMm), height: cssPixels(design.heightMm) }, deviceScaleFactor: scale })
  try {
    await page.setContent(design.html)
    await page.evaluate('document.fonts.ready')
    const png = await page.screenshot({ type: 'png' })
    const { width, height, channels, data } = decode(png)
    const found = await page.evaluate<Pick<RenderedPaper, 'lines' | 'fields'>>(`(${readPage.toString()})(${scale})`)
    return { picture: inColour({ width, height, channels: channels as 3 | 4, data: new Uint8Array(data) }), ...found }
  } finally {
    await page.close()
  }
}

/** Runs in the page: takes the printed lines and the values off the layout, one rectangle a character. */
function readPage(scale: number): Pick<RenderedPaper, 'lines' | 'fields'> {
  interface Sign {
    readonly text: string
    readonly box: Box
  }
  const signsOf = (element: Element): Sign[] => {
    const signs: Sign[] = []
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      let offset = 0
      for (const sign of text) {
        const range = document.createRange()
        range.setStart(node, offset)
        range.setEnd(node, offset + sign.length)
        offset += sign.length
        const rect = range.getClientRects()[0]
        if (/\s/u.test(sign) || rect === undefined || rect.width === 0) continue
        signs.push({ text: sign, box: { left: rect.left * scale, top: rect.top * scale, right: rect.right * scale, bottom: rect.bottom * scale } })
      }
    }
    return signs
  }
  const around = (signs: readonly Sign[]): Box => ({
    left: Math.min(...signs.map(({ box }) => box.left)), top: Math.min(...signs.map(({ box }) => box.top)),
    right: Math.max(...signs.map(({ box }) => box.right)), bottom: Math.max(...signs.map(({ box }) => box.bottom)),
  })
  // A new line begins where the print goes back to the left, and where a wide gap or a box to tick parts the signs.
  const linesOf = (signs: readonly Sign[]): PrintedLine[] => {
    const lines: Sign[][] = []
    for (const sign of signs) {
      const tick = '☐☑□√'.includes(sign.text)
      const before = lines.at(-1)?.at(-1)
      const height = sign.box.bottom - sign.box.top
      if (before === undefined || tick || sign.box.left < before.box.left || sign.box.top > before.box.bottom - 0.3 * height || sign.box.left - before.box.right > 1.6 * height) lines.push([])
      if (!tick) lines.at(-1)?.push(sign)
    }
    return lines.filter((line) => line.length > 0).map((line) => ({ text: line.map(({ text }) => text).join(''), box: around(line) }))
  }
  const fields = new Map<string, { value: string; signs: Sign[] }>()
  for (const element of document.querySelectorAll('[data-field]')) {
    const id = element.getAttribute('data-field') ?? ''
    fields.set(id, { value: (element.getAttribute('data-value') ?? '').replace(/\s/gu, ''), signs: [...(fields.get(id)?.signs ?? []), ...signsOf(element)] })
  }
  return {
    lines: [...document.querySelectorAll('.r')].flatMap((element) => linesOf(signsOf(element))),
    fields: [...fields].map(([id, { value, signs }]) => ({ id, value, lines: linesOf(signs).map(({ text }) => text), box: around(signs) })),
  }
}
