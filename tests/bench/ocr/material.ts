import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PHOTO_SCENES } from '../../../sandbox/papers/photo.ts'
import { PAPER_STATES } from '../../../sandbox/papers/states.ts'
import { findBrowser } from '../../../tools/browser.mjs'
import { PAPER_KINDS } from '../../papers/kinds/index.ts'
import { makePaper, makePhoto } from '../../papers/make.ts'
import type { PaperSet } from '../../papers/paper.ts'
import { openPress } from '../../papers/render.ts'

/** Has no divisor in common with the number of states. */
const STATES_APART = 3

type Say = (line: string) => void

/**
 * Makes the first `count` pages of the set and gives their names; a page already there is kept. Kinds change fastest, and
 * each kind begins with another state, so that a few pages already show most states and 110 show every kind in each.
 */
export async function makePages(folder: string, set: PaperSet, count: number, say: Say): Promise<readonly string[]> {
  say(`▸ 制作 ${count} 页 / making ${count} pages …`)
  const browser = await openPress(findBrowser() ?? 'chromium')
  const names: string[] = []
  try {
    for (let index = 0; index < count; index++) {
      const kindIndex = index % PAPER_KINDS.length
      const kind = PAPER_KINDS[kindIndex]
      const round = Math.floor(index / PAPER_KINDS.length)
      const state = PAPER_STATES[(round + STATES_APART * kindIndex) % PAPER_STATES.length]
      if (kind === undefined || state === undefined) continue
      const name = `${kind}-${String(round).padStart(2, '0')}-${state}`
      if (!existsSync(join(folder, `${name}.json`))) {
        const made = await makePaper(browser, { set, kind, copy: round, state })
        writeFileSync(join(folder, `${name}.jpg`), made.jpeg)
        writeFileSync(join(folder, `${name}.json`), JSON.stringify(made.truth))
      }
      names.push(name)
      if (names.length % 10 === 0) say(`  ${names.length} / ${count}`)
    }
  } finally {
    await browser.close()
  }
  return names
}

/** Takes so many photographs of every scene, and gives their names. */
export async function makePhotos(folder: string, set: PaperSet, copies: number, say: Say): Promise<readonly string[]> {
  if (copies === 0) return []
  const count = copies * PHOTO_SCENES.length
  say(`▸ 拍摄 ${count} 张 / taking ${count} photographs …`)
  const browser = await openPress(findBrowser() ?? 'chromium')
  const names: string[] = []
  try {
    for (const scene of PHOTO_SCENES) {
      for (let copy = 0; copy < copies; copy++) {
        const name = `${scene}-${String(copy).padStart(2, '0')}`
        if (!existsSync(join(folder, `${name}.json`))) {
          const made = await makePhoto(browser, { set, scene, copy })
          writeFileSync(join(folder, `${name}.jpg`), made.jpeg)
          writeFileSync(join(folder, `${name}.json`), JSON.stringify(made.truth))
        }
        names.push(name)
      }
      say(`  ${names.length} / ${count}`)
    }
  } finally {
    await browser.close()
  }
  return names
}
