import type { PageImage } from '../../../core/device/operations.ts'

/** The page pictures of one session: in memory only, overwritten when dropped. */
export interface PageStore {
  put(id: string, page: PageImage): void
  get(id: string): PageImage | undefined
  drop(id: string): void
  wipe(): void
}

export function createPageStore(): PageStore {
  const pages = new Map<string, PageImage>()
  const drop = (id: string): void => {
    pages.get(id)?.bytes.fill(0)
    pages.delete(id)
  }
  return {
    put: (id, page) => void pages.set(id, page),
    get: (id) => pages.get(id),
    drop,
    wipe: () => [...pages.keys()].forEach(drop),
  }
}
