import type { CitizenId, PermanentResidentNumber } from '../ids.ts'

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

/** The number of a person: a GB 11643 number, or on a 2017 foreigner's card three letters and twelve digits. */
export type PersonNumber = CitizenId | PermanentResidentNumber

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
  /** As printed on the card; empty on foreigner's cards, which hold none. */
  readonly address: string
  /** Addresses written into the chip since the card was made, oldest first; absent when it holds none or was not asked. */
  readonly newAddresses?: readonly string[]
  /** A `CitizenId` on every kind of card but `foreigner-2017`, which has a `PermanentResidentNumber`. */
  readonly number: PersonNumber
  /** 签发机关; empty on foreigner's cards. */
  readonly issuer: string
  /** 受理机关代码, eight characters, 2017 foreigner's cards only. */
  readonly authorityCode?: string
  readonly validFrom: IsoDate
  readonly validTo: IsoDate | 'long-term'
  /** 通行证号码, `hk-mo-tw-resident` only. */
  readonly travelPermit?: string
  /** 签发次数 or 换证次数 as the card holds it: `hk-mo-tw-resident` and `foreigner-2023` only. */
  readonly timesIssued?: string
  readonly photo?: CardPhoto
}

/** Where the holder lives by what the card knows last: the newest address in its chip, else the printed one. */
export function currentAddress({ address, newAddresses }: Pick<Identity, 'address' | 'newAddresses'>): string {
  return newAddresses?.at(-1) ?? address
}
