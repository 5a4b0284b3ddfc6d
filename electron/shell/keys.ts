import type { Input } from 'electron'

/**
 * Keys that do something to a browser or a desktop when pressed alone. Escape, Tab, Enter, arrows, Home, End, Backspace and
 * Delete stay: forms and people with a physical keyboard need them.
 */
const SPECIAL = /^(?:F\d{1,2}|Browser\w+|Launch\w+|Media\w+|Audio\w+|ContextMenu|PrintScreen|Print|Insert|Pause|Power|Sleep|WakeUp|Help|ZoomIn|ZoomOut|ZoomToggle|Copy|Cut|Paste|Undo|Open|Find|Select|Eject|Close|Exit|New|Save|Refresh|GoBack|GoForward|GoHome)$/

/**
 * Whether a key may reach the page. Everything with Control, Alt or the system key is refused, rather than a list of known
 * shortcuts: reload, close, developer tools, zoom, back, print, find and copy are all among them, and so is the one that the
 * next version of Chromium adds. Copying is refused as well because the clipboard outlives the citizen.
 */
export function isKeyAllowed(input: Pick<Input, 'key' | 'code' | 'control' | 'alt' | 'meta' | 'shift' | 'isComposing'>): boolean {
  if (input.control || input.alt || input.meta) return false
  // Shift+Delete cuts.
  if (input.shift && input.key === 'Delete') return false
  return !SPECIAL.test(input.key) && !SPECIAL.test(input.code)
}
