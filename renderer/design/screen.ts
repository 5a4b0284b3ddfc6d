/** The themes of tokens.css. The first is the default of every session. */
export const THEMES = ['default', 'dark-on-light', 'light-on-dark'] as const
export type Theme = (typeof THEMES)[number]

/** The four steps of text size of tokens.css, as a citizen chooses them; `m` is the default, care mode begins at `xl`. */
export const TEXT_SIZES = ['s', 'm', 'l', 'xl'] as const
export type TextSize = (typeof TEXT_SIZES)[number]

/** A screen as the terminal's configuration names it: CSS pixels and millimetres along the same edge. */
export interface ScreenSize {
  readonly widthPx: number
  readonly widthMm: number
}

/** A 27 inch screen of 1080 x 1920 pixels, standing; also the default in tokens.css. */
export const DEFAULT_PX_PER_MM = 3.2

/**
 * Pixels in one millimetre of the screen. A size that is not positive and finite, or that gives a density which no
 * terminal has (under 1.5 or over 12 px a millimetre), gives the default, so that a wrong entry cannot make text unreadable.
 */
export function pxPerMm(screen: ScreenSize): number {
  const density = screen.widthPx / screen.widthMm
  return Number.isFinite(density) && density >= 1.5 && density <= 12 ? density : DEFAULT_PX_PER_MM
}

/** The part of an element that `applyScreen` and its neighbours use; `document.documentElement` by default. */
export interface TokenRoot {
  readonly style: { setProperty(name: string, value: string): void }
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
}

/** Makes every length of the tokens true to this screen by setting `--mm`. Works under a strict CSP (CSSOM, no style text). */
export function applyScreen(screen: ScreenSize, root: TokenRoot = document.documentElement): void {
  root.style.setProperty('--mm', `${Math.round(pxPerMm(screen) * 1000) / 1000}px`)
}

/** Shows the page in this theme until it is called again. */
export function applyTheme(theme: Theme, root: TokenRoot = document.documentElement): void {
  root.setAttribute('data-theme', theme)
}

/** Shows the page in this text size until it is called again. */
export function applyTextSize(size: TextSize, root: TokenRoot = document.documentElement): void {
  root.setAttribute('data-text-size', size)
}

/** Takes theme and text size back to their defaults; called at the end of every session. */
export function resetAppearance(root: TokenRoot = document.documentElement): void {
  root.removeAttribute('data-theme')
  root.removeAttribute('data-text-size')
}
