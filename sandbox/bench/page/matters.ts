import type { LocalText } from '../../../core/text/local-text.ts'
import { words } from './words.ts'

/** The backend tells a case's matter by its id; people know it by the short name that the demonstration pack gives it. */
const names = import.meta.glob<LocalText>('../../../assets/packs/demo-990101/matters/M??.json', { eager: true, import: 'shortName' })

export function matterName(id: string): LocalText {
  return names[`../../../assets/packs/demo-990101/matters/${id}.json`] ?? words(id, id)
}
