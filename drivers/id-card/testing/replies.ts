/** What readers and cards say, for tests of this folder: written from the protocol, not with the code under test. */

export function reply(sw3: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = 4 + data.length
  const frame = Uint8Array.from([0xaa, 0xaa, 0xaa, 0x96, 0x69, length >> 8, length & 0xff, 0, 0, sw3, ...data, 0])
  frame[frame.length - 1] = frame.subarray(5, -1).reduce((check, byte) => check ^ byte, 0)
  return frame
}

export interface RecordText {
  readonly name: string
  readonly sex: string
  readonly nation: string
  readonly birth: string
  readonly address: string
  readonly number: string
  readonly issuer: string
  readonly validFrom: string
  readonly validTo: string
}

/** 何建国 of the demonstration people; the address does not exist. */
export const RESIDENT: RecordText = {
  name: '何建国',
  sex: '1',
  nation: '01',
  birth: '19570430',
  address: '示范市示范区长宁路8号',
  number: '990101195704300057',
  issuer: '示范市公安局示范分局',
  validFrom: '20100501',
  validTo: '长期',
}

/** Writes texts at byte offsets into 256 bytes of UTF-16LE filled with spaces. */
export function cardText(fields: readonly (readonly [offset: number, value: string])[]): Uint8Array {
  const text = Buffer.alloc(256, Buffer.from(' ', 'utf16le'))
  for (const [offset, value] of fields) text.write(value, offset, 'utf16le')
  return new Uint8Array(text)
}

export function residentText(record: RecordText, extra: readonly (readonly [offset: number, value: string])[] = []): Uint8Array {
  return cardText([[0, record.name], [30, record.sex], [32, record.nation], [36, record.birth], [52, record.address], [122, record.number], [158, record.issuer], [188, record.validFrom], [204, record.validTo], ...extra])
}

/** A photo block as cards hold it: the WLT head, a pattern, and once the preamble of a frame. */
export function photoBlock(): Uint8Array {
  const photo = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) & 0xff)
  photo.set([0x57, 0x4c, 0x66, 0x00, 0x7e, 0x00, 0x32, 0x00, 0x00, 0xff, 0x85])
  photo.set([0xaa, 0xaa, 0xaa, 0x96, 0x69], 500)
  return photo
}

export function readReply(text: Uint8Array, photo: Uint8Array = photoBlock()): Uint8Array {
  return reply(0x90, Uint8Array.from([text.length >> 8, text.length & 0xff, photo.length >> 8, photo.length & 0xff, ...text, ...photo]))
}
