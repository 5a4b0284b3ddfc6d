import { pinyin } from 'pinyin-pro'
import type { LocalText } from '../text/local-text.ts'
import type { Matter } from './schema.ts'

type Searched = Pick<Matter, 'name' | 'shortName' | 'keywords'>

const known = new WeakMap<object, Map<string, readonly string[]>>()

/**
 * What a matter can be found by: its names, keywords and department as characters, as full pinyin (`juzhuzheng`) and as
 * initials (`jzz`), all in lower case and without spaces. Worked out once for each matter and department.
 */
export function searchKeys(matter: Searched, department?: LocalText): readonly string[] {
  const cached = known.get(matter) ?? new Map<string, readonly string[]>()
  known.set(matter, cached)
  const under = department?.['zh-CN'] ?? ''
  const present = cached.get(under)
  if (present) return present
  const written = [...both(matter.name), ...both(matter.shortName), ...matter.keywords, ...(department ? both(department) : [])]
  const keys = [...new Set(written.flatMap(keysOf))]
  cached.set(under, keys)
  return keys
}

function both(text: LocalText): readonly string[] {
  return [text['zh-CN'], text.en]
}

function keysOf(written: string): readonly string[] {
  // What stands in brackets is not part of the spoken name, but may be searched by itself.
  const parts = written.split(/[（）()，,、：:]/).map((part) => part.trim()).filter((part) => part !== '')
  return parts.flatMap((part) => {
    const characters = squeeze(part)
    if (!/\p{Script=Han}/u.test(part)) return [characters]
    const syllables = pinyin(part, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
    return [characters, squeeze(syllables.join('')), squeeze(syllables.map((syllable) => (/^[a-z]+$/.test(syllable) ? syllable.charAt(0) : syllable)).join(''))]
  }).filter((key) => key !== '')
}

function squeeze(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/[\s\p{P}\p{S}]+/gu, '')
}
