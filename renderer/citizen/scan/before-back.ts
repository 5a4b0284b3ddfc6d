import type { ScanView } from '../../../core/kiosk-api/snapshot.ts'

/** Ways from what is on the screen: a step back, back to the pages of the paper, or the paper anew. Each is the command of its name. */
export type WayBack = 'back' | 'show-pages' | 'scan-again'

/** What a touch on one of these ways would take away that took some trouble: several pages, or what was typed on the confirm screen. */
export type BeforeBack =
  | { readonly kind: 'go' }
  /** `pages` go for good; `typed`: with values that the citizen wrote. */
  | { readonly kind: 'ask'; readonly way: WayBack; readonly pages: number; readonly typed: boolean }

/**
 * Whether to ask before going that way. One page that nothing was typed to is laid again in a moment; whoever touches “anew”
 * means the pages, but not what they typed. `values` are those on the confirm screen.
 */
export function beforeBack({ lostByBack, stage }: Pick<ScanView, 'lostByBack' | 'stage'>, values: Readonly<Record<string, string>>, way: WayBack): BeforeBack {
  const typed = stage.kind === 'confirm' && stage.fields.some(({ id, value }) => (values[id] ?? value).trim() !== value.trim())
  const pages = way === 'show-pages' ? 0 : lostByBack
  return typed || (way === 'back' && pages > 1) ? { kind: 'ask', way, pages, typed } : { kind: 'go' }
}
