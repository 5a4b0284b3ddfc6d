import { err, type Result } from '../../../core/result/result.ts'
import dictionaryAddress from '../../../assets/pinyin/pinyin.bin?url'
import { decodeDictionary, type DictionaryError, type PinyinDictionary } from './dictionary.ts'

export type LoadError = DictionaryError | { readonly kind: 'not-reachable'; readonly detail: string }

let loading: Promise<Result<PinyinDictionary, LoadError>> | undefined

/**
 * Fetches the dictionary from the page's own origin (1.5 MB) and decodes it, once for the life of the page; a failure is
 * tried again at the next call.
 */
export function loadDictionary(): Promise<Result<PinyinDictionary, LoadError>> {
  loading ??= fetchDictionary().then((result) => {
    if (!result.ok) loading = undefined
    return result
  })
  return loading
}

async function fetchDictionary(): Promise<Result<PinyinDictionary, LoadError>> {
  try {
    const response = await fetch(dictionaryAddress)
    if (!response.ok) return err({ kind: 'not-reachable', detail: `status ${response.status}` })
    return decodeDictionary(new Uint8Array(await response.arrayBuffer()))
  } catch (cause) {
    return err({ kind: 'not-reachable', detail: cause instanceof Error ? cause.name : 'unknown' })
  }
}
