import { type ComputedRef, type InjectionKey, inject } from 'vue'
import type { FormView, ValueSource } from '../../../core/kiosk-api/snapshot.ts'
import type { LocalText } from '../../../core/text/local-text.ts'

/** What the renderers of one form know beside JSON Forms' own state. */
export interface FormContext {
  readonly texts: ComputedRef<FormView['form']['texts']>
  /** The sentence that stands at a field now, if any. */
  problem(pointer: string): LocalText | undefined
  /** Where the value came from, as long as the citizen has not changed it. */
  source(pointer: string): ValueSource | undefined
  /** The paper whose scan can still fill this empty field. */
  paper(pointer: string): LocalText | undefined
  isLocked(pointer: string): boolean
  isRequired(pointer: string): boolean
  /** The citizen has left the field: from now on it is judged. */
  left(pointer: string): void
}

export const formContextKey: InjectionKey<FormContext> = Symbol('form context')

export function useFormContext(): FormContext {
  const context = inject(formContextKey)
  if (context === undefined) throw new Error('a field was mounted outside a form')
  return context
}
