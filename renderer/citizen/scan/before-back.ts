import type { ScanView } from '../../../core/kiosk-api/snapshot.ts'

/** What a touch on "back" would take away that took some trouble: several pages, or what was typed on the confirm screen. */
export type BeforeBack =
  | { readonly kind: 'go' }
  /** `pages` go for good; `typed`: with values that the citizen wrote. */
  | { readonly kind: 'ask'; readonly pages: number; readonly typed: boolean }

/** Whether to ask before going back. One page that nothing was typed to is laid again in a moment. `values` are those on the confirm screen. */
export function beforeBack({ lostByBack, stage }: Pick<ScanView, 'lostByBack' | 'stage'>, values: Readonly<Record<string, string>>): BeforeBack {
  const typed = stage.kind === 'confirm' && stage.fields.some(({ id, value }) => (values[id] ?? value).trim() !== value.trim())
  return lostByBack > 1 || typed ? { kind: 'ask', pages: lostByBack, typed } : { kind: 'go' }
}
