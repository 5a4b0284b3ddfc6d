import { describe, expect, it } from 'vitest'
import type { ScanView } from '../../../core/kiosk-api/snapshot.ts'
import { text } from '../../../core/text/local-text.ts'
import { beforeBack } from './before-back.ts'

const words = text('字', 'words')
const scanning: ScanView['stage'] = { kind: 'scanning', percent: undefined }
const confirm: ScanView['stage'] = {
  kind: 'confirm', pages: ['page-1'], notices: [], paper: 'wanted', redo: 'all',
  fields: [{ id: 'landlord', label: words, value: '何建国', state: 'sure', why: undefined, keyboard: 'pinyin' }, { id: 'to', label: words, value: '', state: 'missing', why: undefined, keyboard: 'date' }],
}
const asRead = { landlord: '何建国', to: '' }

describe('going back from a scan', () => {
  it.each([0, 1])('is not asked about where %i pages go and nothing was typed', (lostByBack) => {
    for (const stage of [scanning, confirm]) expect(beforeBack({ lostByBack, stage }, asRead, 'back')).toEqual({ kind: 'go' })
  })

  it('is asked about where several pages go', () => {
    for (const stage of [scanning, confirm]) expect(beforeBack({ lostByBack: 2, stage }, asRead, 'back')).toEqual({ kind: 'ask', way: 'back', pages: 2, typed: false })
  })

  it.each([['corrected', { ...asRead, landlord: '何建华' }], ['emptied', { ...asRead, landlord: '' }], ['filled in', { ...asRead, to: '2026-02-28' }]])('is asked about where a value was %s, also of a paper that stays given', (_how, values) => {
    for (const lostByBack of [0, 1]) expect(beforeBack({ lostByBack, stage: confirm }, values, 'back')).toEqual({ kind: 'ask', way: 'back', pages: lostByBack, typed: true })
    expect(beforeBack({ lostByBack: 3, stage: confirm }, values, 'back')).toEqual({ kind: 'ask', way: 'back', pages: 3, typed: true })
  })

  it('is not asked about for blanks, for values that are not on the screen yet, or for those of another stage', () => {
    expect(beforeBack({ lostByBack: 1, stage: confirm }, { landlord: '何建国 ', to: ' ' }, 'back')).toEqual({ kind: 'go' })
    expect(beforeBack({ lostByBack: 1, stage: confirm }, {}, 'back')).toEqual({ kind: 'go' })
    expect(beforeBack({ lostByBack: 1, stage: scanning }, { landlord: '何建华' }, 'back')).toEqual({ kind: 'go' })
  })
})

describe('going to the pages, or beginning anew', () => {
  const typed = { ...asRead, landlord: '何建华' }

  it('is asked about where values were typed; to look at the pages takes none of them away', () => {
    expect(beforeBack({ lostByBack: 3, stage: confirm }, typed, 'show-pages')).toEqual({ kind: 'ask', way: 'show-pages', pages: 0, typed: true })
    for (const lostByBack of [0, 1]) expect(beforeBack({ lostByBack, stage: confirm }, typed, 'scan-again')).toEqual({ kind: 'ask', way: 'scan-again', pages: lostByBack, typed: true })
  })

  it('is not asked about where nothing was typed, however many pages there are', () => {
    for (const way of ['show-pages', 'scan-again'] as const) for (const stage of [scanning, confirm]) expect(beforeBack({ lostByBack: 3, stage }, asRead, way)).toEqual({ kind: 'go' })
  })
})
