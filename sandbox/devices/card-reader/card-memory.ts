import { unreachable } from '../../../core/result/result.ts'
import type { DemonstrationCard } from '../people.ts'

const PHOTO_BYTES = 1024
const ADDRESS_CHARACTERS = 35
/** How a WLT photo begins on every card seen. */
const WLT_HEAD = Buffer.from('574C66007E00320000FF85', 'hex')
/** Where the photo holds the five bytes with which a frame begins, to catch receivers that look for them inside a frame. */
const PREAMBLE_AT = 618

/** What the chip gives for a read: the lengths of both blocks, 256 bytes of text, 1024 bytes of photo. */
export function cardMemory(card: DemonstrationCard): Buffer {
  const text = cardText(card)
  const photo = cardPhoto(card.number)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16BE(text.length, 0)
  lengths.writeUInt16BE(photo.length, 2)
  return Buffer.concat([lengths, text, photo])
}

/** What the chip gives for its newer addresses: 70 bytes each, oldest first; nothing when it holds none. */
export function addressMemory(card: DemonstrationCard): Buffer {
  const addresses = card.kind === 'resident' ? (card.newAddresses ?? []) : []
  return Buffer.concat(addresses.map((address) => Buffer.from(address.padEnd(ADDRESS_CHARACTERS, ' '), 'utf16le').subarray(0, 2 * ADDRESS_CHARACTERS)))
}

function cardText(card: DemonstrationCard): Buffer {
  const text = Buffer.alloc(256, Buffer.from(' ', 'utf16le'))
  const put = (offset: number, bytes: number, value: string): void => {
    const encoded = Buffer.from(value, 'utf16le')
    if (encoded.length > bytes) throw new Error(`a field at ${offset} takes ${bytes} bytes, not ${encoded.length}`)
    encoded.copy(text, offset)
  }
  switch (card.kind) {
    case 'resident':
      put(0, 30, card.name)
      put(30, 2, card.sex)
      put(32, 4, card.nation)
      put(36, 16, card.birth)
      put(52, 70, card.address)
      put(122, 36, card.number)
      put(158, 30, card.issuer)
      put(188, 16, card.validFrom)
      put(204, 16, card.validTo)
      return text
    case 'hk-mo-tw-resident':
      put(0, 30, card.name)
      put(30, 2, card.sex)
      put(36, 16, card.birth)
      put(52, 70, card.address)
      put(122, 36, card.number)
      put(158, 30, card.issuer)
      put(188, 16, card.validFrom)
      put(204, 16, card.validTo)
      put(220, 18, card.travelPermit)
      put(238, 4, card.timesIssued)
      put(248, 2, 'J')
      return text
    case 'foreigner-2017':
      put(0, 120, card.englishName)
      put(120, 2, card.sex)
      put(122, 30, card.number)
      put(152, 6, card.nationality)
      put(158, 30, card.name)
      put(188, 16, card.validFrom)
      put(204, 16, card.validTo)
      put(220, 16, card.birth)
      put(236, 4, card.version)
      put(240, 8, card.authorityCode)
      put(248, 2, 'I')
      return text
    case 'foreigner-2023':
      put(0, 30, card.name)
      put(30, 2, card.sex)
      put(32, 4, card.timesRenewed)
      put(36, 16, card.birth)
      put(52, 70, card.englishName.slice(0, 35))
      put(122, 36, card.number)
      put(188, 16, card.validFrom)
      put(204, 16, card.validTo)
      put(220, 22, card.englishName.slice(35))
      put(242, 6, card.nationality)
      put(248, 2, 'Y')
      return text
    default:
      return unreachable(card)
  }
}

/** No picture is in it: a head, a pattern that differs from person to person, and one preamble. */
function cardPhoto(seed: string): Buffer {
  const shift = [...seed].reduce((sum, character) => sum + character.charCodeAt(0), 0)
  const photo = Buffer.from(Array.from({ length: PHOTO_BYTES }, (_, index) => (index * 31 + shift) & 0xff))
  WLT_HEAD.copy(photo)
  Buffer.from('AAAAAA9669', 'hex').copy(photo, PREAMBLE_AT)
  return photo
}
