import type { CitizenId } from '../ids.ts'

/** A calendar date as `YYYY-MM-DD`. */
export type IsoDate = string

/** GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated. */
export type Sex = 'male' | 'female' | 'unknown' | 'not-stated'

/** 照片 as the card holds it: 1024 bytes of WLT. No open decoder exists, so it is carried, never shown, never required. */
export interface CardPhoto {
  readonly format: 'wlt'
  readonly bytes: Uint8Array
}

export type CardKind = 'resident' | 'hk-mo-tw-resident' | 'foreigner-2017' | 'foreigner-2023'

/** What a card says about its holder, checked once by the card reader's codec. */
export interface Identity {
  readonly kind: CardKind
  /** Chinese name, exactly as the card holds it; empty on a foreigner's card without one. */
  readonly name: string
  /** Foreigner's cards only. */
  readonly englishName?: string
  readonly sex: Sex
  /** GB/T 3304 two digits, resident cards only. */
  readonly nationCode?: string
  /** GB/T 2659 three letters, foreigner's cards only. */
  readonly nationality?: string
  readonly birth: IsoDate
  readonly address: string
  /** GB 11643 number; a 2017 foreigner's card has a 15-character number that is kept raw in `rawNumber`. */
  readonly number: CitizenId
  readonly issuer: string
  readonly validFrom: IsoDate
  readonly validTo: IsoDate | 'long-term'
  readonly photo?: CardPhoto
}
