import type { DisplaySettings } from '../../core/kiosk-api/snapshot.ts'
import { type TextSize, type Theme, applyTextSize, applyTheme } from './screen.ts'

const THEME_OF: Readonly<Record<DisplaySettings['theme'], Theme>> = { standard: 'default', 'contrast-light': 'dark-on-light', 'contrast-dark': 'light-on-dark' }
const SIZE_OF: Readonly<Record<DisplaySettings['textSize'], TextSize>> = { standard: 'm', large: 'l', largest: 'xl' }

/** The step of text size: care mode never shows less than the largest. */
export function textSizeOf(display: DisplaySettings): TextSize {
  return display.care ? 'xl' : SIZE_OF[display.textSize]
}

/** Shows the page as the citizen chose: theme, text size, care mode and low reach, all as attributes of the root. */
export function applyDisplay(display: DisplaySettings, root: HTMLElement = document.documentElement): void {
  applyTheme(THEME_OF[display.theme], root)
  applyTextSize(textSizeOf(display), root)
  root.toggleAttribute('data-care', display.care)
  root.toggleAttribute('data-low-reach', display.lowReach)
}
