import type { Chance } from './chance.ts'

/**
 * A paper as a design: HTML with positions in millimetres. Each printed run is an element of class `r`; each value that a
 * reader should find carries `data-field` and, in the form in which the product gives it, `data-value`. The truth is taken
 * from the page as the browser lays it out, so that wrapped lines are known as they were printed.
 */
export interface PaperDesign {
  readonly kind: string
  readonly widthMm: number
  readonly heightMm: number
  readonly html: string
  /** What makes the page special, such as `rare-name`; reports count such pages apart. */
  readonly marked: readonly Mark[]
}

export type Mark = 'rare-name'

/** Font families for the parts of a paper; each page draws its own. */
export interface Typefaces {
  readonly song: string
  readonly hei: string
  readonly kai: string
  readonly digits: string
}

/** Fonts of the pages to tune with, and of those held back for the report: some in common, some never seen before. */
export type PaperSet = 'tuning' | 'held-back'

const FACES: Readonly<Record<PaperSet, Readonly<Record<keyof Typefaces, readonly string[]>>>> = {
  tuning: {
    song: ['Noto Serif CJK SC', 'AR PL SungtiL GB'],
    hei: ['Noto Sans CJK SC', 'WenQuanYi Zen Hei'],
    kai: ['AR PL UKai CN', 'Noto Serif CJK SC'],
    digits: ['OCR B', 'Noto Sans CJK SC'],
  },
  'held-back': {
    song: ['Noto Serif CJK SC', 'AR PL UMing CN'],
    hei: ['WenQuanYi Micro Hei', 'Noto Sans CJK SC'],
    kai: ['LXGW WenKai', 'AR PL UKai CN'],
    digits: ['OCR B', 'WenQuanYi Micro Hei'],
  },
}

export function typefaces(chance: Chance, set: PaperSet): Typefaces {
  const faces = FACES[set]
  // Signs that a face lacks come from Noto, as a printer's driver would put them in.
  const family = (choices: readonly string[]): string => `'${chance.pick(choices)}','Noto Sans CJK SC'`
  return { song: family(faces.song), hei: family(faces.hei), kai: family(faces.kai), digits: family(faces.digits) }
}

export interface PlanOptions {
  readonly chance: Chance
  readonly faces: Typefaces
  readonly rareName: boolean
}

export type PaperPlan = (options: PlanOptions) => PaperDesign

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A value: what is printed and, where it differs, the form in which the product gives it. */
export function field(id: string, printed: string, value: string = printed): string {
  return `<span data-field="${id}" data-value="${escape(value)}">${escape(printed)}</span>`
}

export interface Place {
  readonly x: number
  readonly y: number
  /** Width after which the run wraps; without it the run stays on one line. */
  readonly width?: number
  readonly size: number
  readonly font: string
  readonly style?: string
}

/** A run at a place, in millimetres. `content` is HTML: text, and values made with `field`. */
export function at({ x, y, width, size, font, style = '' }: Place, content: string): string {
  const wrap = width === undefined ? 'white-space:nowrap' : `width:${width}mm;word-break:break-all`
  return `<div class="r" style="left:${x}mm;top:${y}mm;font:${size}mm/1.35 ${font};${wrap};${style}">${content}</div>`
}

export const line = (x: number, y: number, width: number, height: number, color = '#333'): string =>
  `<i class="l" style="left:${x}mm;top:${y}mm;width:${width}mm;height:${height}mm;background:${color}"></i>`

/** A stand-in for a photograph: head and shoulders in grey. */
export const photo = (x: number, y: number, width: number, height: number, back = '#d9e2ea'): string => `<svg class="s" style="left:${x}mm;top:${y}mm;width:${width}mm;height:${height}mm" viewBox="0 0 26 32" preserveAspectRatio="xMidYMin slice">
  <rect width="26" height="32" fill="${back}"/><path d="M2 32 C2 23 7 21 13 21 C19 21 24 23 24 32 Z" fill="#3c4657"/><ellipse cx="13" cy="13" rx="5.6" ry="7" fill="#caa78f"/><path d="M7 12 C6 4 20 4 19 12 C18 8 8 8 7 12 Z" fill="#2a2422"/></svg>`

/** A round red seal with words along its rim, printed over what is there as ink is. Centre in millimetres. */
export function seal(x: number, y: number, words: string, turnDegrees: number, radiusMm = 19): string {
  const id = `arc${Math.round(x * 10)}-${Math.round(y * 10)}`
  return `<svg class="s" style="left:${x - radiusMm}mm;top:${y - radiusMm}mm;width:${2 * radiusMm}mm;height:${2 * radiusMm}mm;transform:rotate(${turnDegrees}deg);mix-blend-mode:multiply;opacity:.8" viewBox="-20 -20 40 40">
    <circle r="19" fill="none" stroke="#d3202a" stroke-width="1.1"/><path id="${id}" d="M -13.6 6.2 A 15 15 0 1 1 13.6 6.2" fill="none"/>
    <text font-size="4.1" fill="#d3202a" font-family="Noto Serif CJK SC" font-weight="700" text-anchor="middle"><textPath href="#${id}" startOffset="50%" textLength="52">${words}</textPath></text>
    <path d="M 0 -6 L 1.41 -1.94 L 5.71 -1.85 L 2.28 0.74 L 3.53 4.85 L 0 2.4 L -3.53 4.85 L -2.28 0.74 L -5.71 -1.85 L -1.41 -1.94 Z" fill="#d3202a"/></svg>`
}

/** Fine wavy lines, as certificates carry them against copying. */
export function guilloche(widthMm: number, heightMm: number, color: string, spacingMm = 2.6): string {
  let paths = ''
  for (let row = 0; row * spacingMm < heightMm + 4; row++) {
    let path = `M 0 ${row * spacingMm}`
    for (let x = 3; x <= widthMm + 3; x += 3) path += ` L ${x} ${(row * spacingMm + 2 * Math.sin(x / 9 + row * 0.7)).toFixed(2)}`
    paths += `<path d="${path}"/>`
  }
  return `<svg class="s" style="left:0;top:0;width:${widthMm}mm;height:${heightMm}mm" viewBox="0 0 ${widthMm} ${heightMm}"><g fill="none" stroke="${color}" stroke-width="0.12">${paths}</g></svg>`
}

/** The whole page. `color` is that of the ink. */
export function page(background: string, color: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
    html,body{margin:0;background:${background}} *{box-sizing:border-box} body{position:relative;color:${color}}
    .r,.l,.s,.b{position:absolute;display:block} p{margin:0} table{border-collapse:collapse} td,th{font-weight:400;text-align:left}
    table.b{display:table} td.r,th.r,p.r,span.r{position:static} p.r{display:block} td.r,th.r{display:table-cell} span.r{display:inline}
  </style><body>${body}</body>`
}
