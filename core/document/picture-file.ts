/** A3 at 300 dpi is 17 megapixels; what is larger is no page of ours and would eat the memory. */
export const LARGEST_PAGE_PIXELS = 20_000_000

/** Whether a JPEG ends with FF D9, as it does unless it was cut off; some scanners pad with zero bytes behind it. */
export function endsWithEndOfImage(bytes: Uint8Array): boolean {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end >= 4 && bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9
}
