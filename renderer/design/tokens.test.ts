import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyScreen, applyTextSize, applyTheme, DEFAULT_PX_PER_MM, pxPerMm, resetAppearance } from './screen.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

function coloursOf(theme: string): ReadonlyMap<string, string> {
  const colours = new Map<string, string>()
  for (const [, selectors = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!selectors.includes(`[data-theme='${theme}']`)) continue
    for (const [, name = '', value = ''] of body.matchAll(/(--color-[\w-]+):\s*(#[0-9a-f]{6});/g)) colours.set(name, value)
  }
  return colours
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(first: string, second: string): number {
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const TEXT_PAIRS: readonly (readonly [string, string])[] = [
  ...['ink', 'ink-soft', 'accent', 'ok', 'warn', 'danger'].flatMap((text) => [[text, 'paper'] as const, [text, 'surface'] as const]),
  ...['accent', 'ok', 'warn', 'danger'].map((text) => [text, `${text}-tint`] as const),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-pressed'],
  ['ink', 'accent-tint'],
  ['ink', 'key'],
  ['ink', 'key-function'],
]

describe('the colours of the themes', () => {
  it.each([
    ['default', 10],
    ['dark-on-light', 20],
    ['light-on-dark', 20],
  ] as const)('%s keeps %d:1 for every text', (theme, required) => {
    const colours = coloursOf(theme)
    const tooWeak = TEXT_PAIRS.map(([text, ground]) => {
      const found = contrast(colours.get(`--color-${text}`) ?? '', colours.get(`--color-${ground}`) ?? '')
      return { text, ground, found }
    }).filter(({ found }) => !(found >= required))
    expect(tooWeak).toEqual([])
  })

  it('has the same colour names in each theme', () => {
    const names = [...coloursOf('default').keys()].sort()
    expect(names.length).toBeGreaterThan(12)
    expect([...coloursOf('dark-on-light').keys()].sort()).toEqual(names)
    expect([...coloursOf('light-on-dark').keys()].sort()).toEqual(names)
  })

  it('draws the edge of a field so that it is seen (3:1, WCAG 1.4.11)', () => {
    for (const theme of ['default', 'dark-on-light', 'light-on-dark']) {
      const colours = coloursOf(theme)
      expect(contrast(colours.get('--color-line-strong') ?? '', colours.get('--color-paper') ?? '')).toBeGreaterThanOrEqual(3)
    }
  })
})

describe('the screen', () => {
  function recordingRoot() {
    const properties = new Map<string, string>()
    const attributes = new Map<string, string>()
    return {
      properties,
      attributes,
      style: { setProperty: (name: string, value: string) => void properties.set(name, value) },
      setAttribute: (name: string, value: string) => void attributes.set(name, value),
      removeAttribute: (name: string) => void attributes.delete(name),
    }
  }

  it('gives the pixels of a millimetre', () => {
    expect(pxPerMm({ widthPx: 1080, widthMm: 336 })).toBeCloseTo(3.214, 3)
    const root = recordingRoot()
    applyScreen({ widthPx: 1080, widthMm: 336 }, root)
    expect(root.properties.get('--mm')).toBe('3.214px')
  })

  it.each([
    [1080, 0],
    [0, 336],
    [1080, Number.NaN],
    [1080, 3.36],
    [-1080, 336],
  ])('keeps the default for a screen that cannot be (%d px, %d mm)', (widthPx, widthMm) => {
    expect(pxPerMm({ widthPx, widthMm })).toBe(DEFAULT_PX_PER_MM)
  })

  it('takes theme and text size back at the end of a session', () => {
    const root = recordingRoot()
    applyTheme('light-on-dark', root)
    applyTextSize('xl', root)
    expect([...root.attributes]).toEqual([
      ['data-theme', 'light-on-dark'],
      ['data-text-size', 'xl'],
    ])
    resetAppearance(root)
    expect([...root.attributes]).toEqual([])
  })
})
