import { announceChange, insertText, isTextField } from '../keyboard/field-editor.ts'
import type { TextField } from '../keyboard/field-editor.ts'
import { CodeKeyDetector } from './detector.ts'
import type { KeyDecision, Stroke } from './detector.ts'

interface PageStroke extends Stroke {
  readonly event: KeyboardEvent
  readonly target: EventTarget | null
}

/** Input elements that a space presses and that hold no typed text. */
const PRESSED_INPUTS: ReadonlySet<string> = new Set(['button', 'checkbox', 'radio', 'submit', 'reset', 'image', 'file', 'color', 'range'])

/**
 * Watches the keys of the whole page, before anything else hears them, for a scanner that types. Its keys are swallowed and
 * its code is handed to `onCode`; a person's keys are kept back for at most a twentieth of a second and then typed where
 * they were aimed. Returns the function that takes the watch away.
 */
export function installCodeKeys(page: Window, onCode: (text: string) => void): () => void {
  const detector = new CodeKeyDetector<PageStroke>()
  let timer: number | undefined

  function carryOut(decisions: readonly KeyDecision<PageStroke>[]): 'hold' | 'pass' | undefined {
    let own: 'hold' | 'pass' | undefined
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'hold':
        case 'pass':
          own = decision.kind
          break
        case 'release':
          for (const stroke of decision.strokes) typeAgain(page.document, stroke)
          break
        case 'code':
          onCode(decision.text)
          break
        case 'spoiled':
          break
      }
    }
    return own
  }

  function watchTime(): void {
    page.clearTimeout(timer)
    const due = detector.dueAt
    if (due === undefined) return
    timer = page.setTimeout(() => {
      // A busy page gets to its timers late, with keys waiting behind them: those come first and tell their own times.
      timer = page.setTimeout(() => {
        carryOut(detector.passTime(page.performance.now()))
        watchTime()
      }, 0)
    }, Math.max(0, due - page.performance.now()))
  }

  function onKeyDown(event: KeyboardEvent): void {
    // What this page typed by itself was judged before.
    if (!event.isTrusted) return
    const special = event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey
    const own = carryOut(detector.key({ key: event.key, at: event.timeStamp, special, event, target: event.composedPath()[0] ?? event.target }))
    if (own === 'hold') {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    watchTime()
  }

  page.addEventListener('keydown', onKeyDown, true)
  return () => {
    page.removeEventListener('keydown', onKeyDown, true)
    page.clearTimeout(timer)
    carryOut(detector.flush())
  }
}

/** Does what the key would have done: tells listeners of it, and unless one of them refuses, types it. */
function typeAgain(document: Document, { event, target }: PageStroke): void {
  const aim = target instanceof Element && target.isConnected ? target : (document.activeElement ?? document.body)
  const { key, code, location, shiftKey } = event
  if (!aim.dispatchEvent(new KeyboardEvent('keydown', { key, code, location, shiftKey, bubbles: true, cancelable: true, composed: true }))) return
  if (isTyped(aim)) {
    if (!aim.disabled && !aim.readOnly && insertText(aim, key)) announceWhenLeft(aim)
  } else if (key === ' ' && aim instanceof HTMLElement && aim.matches('button, input, summary, [role="button"]')) {
    aim.click()
  }
}

function isTyped(element: Element): element is TextField {
  return isTextField(element) && !PRESSED_INPUTS.has(element.type)
}

/** Fields that owe a `change`: browsers fire it only for what was really typed. */
const owing = new WeakSet<TextField>()

function announceWhenLeft(field: TextField): void {
  if (owing.has(field)) return
  owing.add(field)
  const listening = new AbortController()
  const settle = (): void => {
    owing.delete(field)
    listening.abort()
  }
  // The browser tells it by itself when a part was really typed, and before the field has lost the focus.
  field.addEventListener('change', settle, { signal: listening.signal })
  field.addEventListener(
    'blur',
    () => {
      settle()
      announceChange(field)
    },
    { signal: listening.signal },
  )
}
