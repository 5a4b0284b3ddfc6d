/** The fields that the keyboard can fill. */
export type TextField = HTMLInputElement | HTMLTextAreaElement

export function isTextField(element: Element | null): element is TextField {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
}

export interface Caret {
  readonly start: number
  readonly end: number
}

/** Where the caret stands; fields without one (type number, email) are written at their end. */
export function caretOf(field: TextField): Caret {
  const start = field.selectionStart ?? field.value.length
  return { start, end: field.selectionEnd ?? start }
}

/**
 * Puts text where the caret is, in place of what is selected, as if it had been typed: `beforeinput` may refuse it,
 * `maxlength` is kept, and an `input` event follows, so that `v-model` and validation work. Returns whether it changed.
 */
export function insertText(field: TextField, text: string): boolean {
  const { start, end } = caretOf(field)
  const room = field.maxLength >= 0 ? field.maxLength - (field.value.length - (end - start)) : Number.POSITIVE_INFINITY
  let fitting = text
  // Whole characters only: half a surrogate pair is no text.
  while (fitting.length > room) fitting = [...fitting].slice(0, -1).join('')
  return fitting !== '' && replace(field, start, end, fitting, 'insertText')
}

/** Deletes what is selected, or one visible character before the caret. */
export function deleteBackward(field: TextField): boolean {
  const { start, end } = caretOf(field)
  if (start !== end) return replace(field, start, end, '', 'deleteContentBackward')
  if (start === 0) return false
  const before = [...new Intl.Segmenter('zh-CN', { granularity: 'grapheme' }).segment(field.value.slice(0, start))]
  return replace(field, before.at(-1)?.index ?? 0, start, '', 'deleteContentBackward')
}

export function clearField(field: TextField): boolean {
  return field.value !== '' && replace(field, 0, field.value.length, '', 'deleteContentBackward')
}

/** Tells listeners of `change` (such as `v-model.lazy`), which browsers fire only for what was really typed. */
export function announceChange(field: TextField): void {
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

function replace(field: TextField, start: number, end: number, text: string, inputType: string): boolean {
  const allowed = field.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, cancelable: true, composed: true, inputType, data: text === '' ? null : text }))
  if (!allowed) return false
  if (field.selectionStart === null) field.value = field.value.slice(0, start) + text + field.value.slice(end)
  else field.setRangeText(text, start, end, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType, data: text === '' ? null : text }))
  return true
}
