import { onBeforeUnmount, onMounted } from 'vue'

/** A technician's own keyboard: digits, Backspace, Delete and Enter do what the pad on the screen does. */
export function useDigitKeys(on: { readonly digit: (digit: string) => void; readonly erase: () => void; readonly clear: () => void; readonly enter: () => void }): void {
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]') !== null) return
    if (/^\d$/.test(event.key)) on.digit(event.key)
    else if (event.key === 'Backspace') on.erase()
    else if (event.key === 'Delete') on.clear()
    // Enter on a button is that button's own.
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) on.enter()
    else return
    event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', key))
  onBeforeUnmount(() => window.removeEventListener('keydown', key))
}
