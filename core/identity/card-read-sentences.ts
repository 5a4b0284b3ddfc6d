import type { CardReadError } from '../device/operations.ts'
import { unreachable } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import type { LocalText } from '../text/local-text.ts'

/** The two sentences that every cause has: what the citizen does now, and what is wrong for staff. */
export interface CauseSentences {
  readonly citizen: LocalText
  readonly staff: LocalText
}

/** Sentences for a reading that did not succeed. Codes are shown to staff beside the sentence, not inside it. */
export function cardReadSentences(error: CardReadError): CauseSentences {
  switch (error.kind) {
    case 'cancelled':
      return {
        citizen: text('已停止读卡，请取回您的证件。', 'Reading has stopped. Please take your card back.'),
        staff: text('读卡被取消。', 'The reading was cancelled.'),
      }
    case 'reader-gone':
      return {
        citizen: text('读卡器暂时连不上，请稍候再试，或请工作人员帮忙。', 'The card reader is not connected just now. Please try again shortly or ask staff.'),
        staff: text('读卡器断开：检查数据线与供电，恢复后会自动重连。', 'The reader is disconnected: check cable and power; it reconnects by itself.'),
      }
    case 'reader-fault':
      return {
        citizen: text('读卡器出了故障，请取回证件，换一台机器或请工作人员帮忙。', 'The card reader has a fault. Please take your card and use another machine or ask staff.'),
        staff: text('读卡器或其安全模块故障：按代码处理，必要时断电重启。', 'The reader or its security module is faulty: see the code; power-cycle it if needed.'),
      }
    case 'lift-and-lay-again':
      return {
        citizen: text('没有读全，请把证件拿起来，再平放到读卡区，不要移动。', 'The card was not read completely. Please lift it, lay it flat on the reader again and keep it still.'),
        staff: text('连续三次没有读成：多为证件移动或与其他卡片叠放。', 'Three tries failed: mostly a moving card, or two cards on top of each other.'),
      }
    case 'wrong-card':
      return {
        citizen: text('这不是可以读取的身份证件，请放上居民身份证或居住证。', 'This is not an identity card that can be read here. Please lay your identity card or residence permit.'),
        staff: text('卡片类型不符或未知。', 'The kind of card is wrong or unknown.'),
      }
    case 'card-refused':
      return {
        citizen: text('这张证件没有通过读卡器的核验，请到人工窗口办理。', 'The reader could not verify this card. Please go to a staffed counter.'),
        staff: text('安全模块拒绝了证件：请人工核验证件，不要反复重试。', 'The security module refused the card: check the card by hand, do not keep retrying.'),
      }
    case 'card-unreadable':
      return {
        citizen: text('这张证件在本机读不出来，请换一台机器或到人工窗口办理。', 'This card cannot be read on this machine. Please use another machine or a staffed counter.'),
        staff: text('证件不接受本机的安全模块。', 'The card does not accept the security module of this reader.'),
      }
    case 'record-inconsistent':
      return {
        citizen: text('证件里的信息前后不一致，请到人工窗口办理。', 'What the card says does not agree with itself. Please go to a staffed counter.'),
        staff: text('证件记录自相矛盾：核对证件原件，不要手工更正。', 'The card record contradicts itself: check the original, do not correct it by hand.'),
      }
    case 'timeout':
      return {
        citizen: text('没有等到证件，请需要时再试一次。', 'No card was laid in time. Please try again when you are ready.'),
        staff: text('在限定时间内没有放卡。', 'No card was laid within the time limit.'),
      }
    default:
      return unreachable(error)
  }
}
