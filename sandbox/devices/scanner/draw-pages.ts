/**
 * Draws the demonstration papers as a scanner would deliver them: A4 at 200 dpi in colour, laid on the glass not quite
 * straight, with the grain and shade of paper. Writes `pages/<id>.jpg` and `pages/truth.json`.
 *
 *   node sandbox/devices/scanner/draw-pages.ts
 */
import { writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { PAGE_DESIGNS } from './page-designs.ts'

const DPI = 200
const CSS_PIXELS_PER_INCH = 96
const MM_PER_INCH = 25.4
const A4_MM = { width: 210, height: 297 }
const JPEG_QUALITY = 82
/** How far the paper lies from straight, page after page. */
const TILT_DEGREES = [0.6, 0.6, -0.8, 0.5, 0.3]

const style = `
  html,body{margin:0;background:#fff} *{box-sizing:border-box}
  .paper{position:absolute;inset:0;transform-origin:50% 50%;background:#fbfaf5}
  main{position:absolute;inset:0;font-size:4.3mm;line-height:1.62;color:#1d1b1a}
  .song{font-family:"Noto Serif CJK SC"} .hei{font-family:"Noto Sans CJK SC"}
  .kai{font-family:"Noto Serif CJK SC";font-weight:500;color:#20275e}
  h1{font-size:7.4mm;text-align:center;margin:0 0 5mm;font-weight:700;letter-spacing:.1em}
  h2{font-size:4.5mm;margin:2.2mm 0 .6mm;font-weight:700} p{margin:.5mm 0;text-indent:0}
  .row b{font-weight:600} .right{text-align:right} .sign{margin:2.4mm 0 0 84mm}
  .specimen{position:absolute;left:0;right:0;bottom:9mm;text-align:center;font-size:3.2mm;color:#777}
  table{border-collapse:collapse;width:100%} th,td{border:.35mm solid #555;padding:2.4mm 3mm;text-align:left;font-weight:500}
  th{width:38mm;font-weight:600;text-align:center} .household th{width:37mm;font-size:3.6mm;padding:2.4mm 1mm} .household td{height:13mm}
  .seal{position:absolute;width:40mm;height:40mm;mix-blend-mode:multiply;opacity:.8} .guilloche{position:absolute;left:0;top:0;width:210mm;height:297mm}
  .shade{position:absolute;inset:0;mix-blend-mode:multiply;background:linear-gradient(102deg,#fff 0%,#fdfdfc 55%,#ecebe8 100%)}
  .grain{position:absolute;inset:0;width:100%;height:100%;opacity:.05;mix-blend-mode:multiply}`

const html = (body: string, tilt: number): string => `<!doctype html><meta charset="utf-8"><style>${style}</style>
  <div class="paper" style="transform:rotate(${tilt}deg)">${body}</div>
  <svg class="grain"><filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.6" numOctaves="2" seed="7"/><feColorMatrix type="saturate" values="0"/></filter><rect width="100%" height="100%" filter="url(#grain)"/></svg>
  <div class="shade"></div>`

const cssPixels = (mm: number): number => Math.round((mm / MM_PER_INCH) * CSS_PIXELS_PER_INCH)

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--font-render-hinting=none', '--disable-lcd-text'],
})
try {
  const page = await browser.newPage({
    viewport: { width: cssPixels(A4_MM.width), height: cssPixels(A4_MM.height) },
    deviceScaleFactor: DPI / CSS_PIXELS_PER_INCH,
  })
  for (const [index, design] of PAGE_DESIGNS.entries()) {
    await page.setContent(html(design.body, TILT_DEGREES[index] ?? 0))
    await page.evaluate('document.fonts.ready')
    const jpeg = await page.screenshot({ type: 'jpeg', quality: JPEG_QUALITY })
    writeFileSync(new URL(`pages/${design.id}.jpg`, import.meta.url), jpeg)
    process.stdout.write(`${design.id}: ${Math.round(jpeg.length / 1024)} KB\n`)
  }
} finally {
  await browser.close()
}
const truth = PAGE_DESIGNS.map(({ id, title, kind, truth: fields }) => ({ id, title, ...(kind === undefined ? {} : { kind }), fields }))
writeFileSync(new URL('pages/truth.json', import.meta.url), JSON.stringify({ dpi: DPI, pages: truth }, null, 2) + '\n')
