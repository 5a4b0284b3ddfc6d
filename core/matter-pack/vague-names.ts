import type { LocalText } from '../text/local-text.ts'

/**
 * Names that tell a citizen nothing about what to bring. A catch-all such as "其他材料" is what one-time notice (一次性告知)
 * forbids: a pack that has one is refused.
 */
const VAGUE: readonly RegExp[] = [
  /其[他它]\s*(?:相关|有关|必要|必需|所需|需要|要求)?的?\s*(?:证明)?(?:材料|文件|资料|证件|证明|手续|文书)/,
  /^\s*(?:其[他它]|等|无名|待定|略|若干)\s*$/,
  /等\s*(?:相关|有关|必要)?的?\s*(?:证明)?(?:材料|文件|资料|证件|证明|手续)?\s*$/,
  /^(?:.{0,12}(?:法律|法规|规章|规定|要求|认为).{0,12})?(?:相关|有关|必要|必需|所需|需要|应当提交|应提交|补充)的?\s*(?:证明)?(?:材料|文件|资料|证件|证明|手续)\s*$/,
  /^\s*(?:证明|申请|申报)?(?:材料|文件|资料|证件|手续)\s*$/,
  /\b(?:any |all )?(?:other|further|additional|miscellaneous)\s+(?:\w+\s+)?(?:documents?|materials?|papers?|proofs?|evidence|certificates?|files?|items?)\b/i,
  /^\s*(?:the )?(?:relevant|related|necessary|required|supporting|appropriate)\s+(?:\w+\s+)?(?:documents?|materials?|papers?|proofs?|evidence|certificates?)\s*$/i,
  /^\s*(?:other|others|misc|documents?|materials?|papers?)\s*$/i,
  /\b(?:etc\.?|and so on|and so forth|and the like|as required)\s*$/i,
]

/** Whether a material's name leaves open what is meant, in either language. */
export function isVagueName(name: LocalText): boolean {
  return [name['zh-CN'], name.en].some((written) => VAGUE.some((pattern) => pattern.test(written)))
}
