import type { PageImage } from '../../../core/device/operations.ts'

/** A file as it is handed in. */
export interface StoredFile {
  readonly mime: PageImage['mime'] | 'application/pdf'
  readonly bytes: Uint8Array
}

/** The page pictures of one session: in memory only, overwritten when dropped. */
export interface PageStore {
  put(id: string, page: PageImage): void
  get(id: string): PageImage | undefined
  /** Several pages bound into one PDF. */
  putBound(id: string, pdf: Uint8Array): void
  /** A page or a bound paper, as it is handed in. */
  file(id: string): StoredFile | undefined
  drop(id: string): void
  wipe(): void
}

export function createPageStore(): PageStore {
  const pages = new Map<string, PageImage>()
  const bound = new Map<string, StoredFile>()
  const file = (id: string): StoredFile | undefined => pages.get(id) ?? bound.get(id)
  const drop = (id: string): void => {
    file(id)?.bytes.fill(0)
    pages.delete(id)
    bound.delete(id)
  }
  return {
    put: (id, page) => void pages.set(id, page),
    get: (id) => pages.get(id),
    putBound: (id, bytes) => void bound.set(id, { mime: 'application/pdf', bytes }),
    file,
    drop,
    wipe: () => [...pages.keys(), ...bound.keys()].forEach(drop),
  }
}
