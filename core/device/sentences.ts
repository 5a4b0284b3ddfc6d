import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { CardReadError, CardReadProgress, PrintObstacle, PrintOutcome, ScanError, ScanProgress } from './operations.ts'
import type { DeviceClass, DeviceState, DeviceStatus } from './status.ts'

/**
 * What people are told about devices. The citizen hears what to do now; the staff member hears what is wrong and what to
 * look at. Short and plain, no blame, no exclamation. Every map is a `Record` over a union: a new cause without sentences
 * does not compile.
 */
export interface TwoSentences {
  readonly citizen: LocalText
  readonly staff: LocalText
}

const say = (citizenZh: string, citizenEn: string, staffZh: string, staffEn: string): TwoSentences => ({ citizen: text(citizenZh, citizenEn), staff: text(staffZh, staffEn) })

const ID_CARD_STATES: Record<DeviceState, TwoSentences> = {
  starting: say('读卡器正在准备，请稍候。', 'The card reader is getting ready. Please wait a moment.', '读卡器正在打开和自检。', 'The reader is being opened and tested.'),
  ready: say('请把身份证放在读卡区。', 'Please lay your ID card on the reader.', '读卡器正常。', 'The reader is working.'),
  busy: say('正在读卡，请不要移动身份证。', 'Reading. Please do not move your card.', '正在读卡。', 'A card is being read.'),
  offline: say('读卡器暂时没有连上，请稍候，或到人工窗口办理。', 'The card reader is not connected. Please wait, or go to the counter.', '读卡器没有连接：请检查电源、数据线和端口设置，系统会自动重连。', 'No connection to the reader: check power, cable and port setting. It reconnects by itself.'),
  'no-paper': say('读卡器暂时不能用，请到人工窗口办理。', 'The card reader cannot be used now. Please go to the counter.', '读卡器报告了不属于它的状态（缺纸），请检查设备配置。', 'The reader reports a state that is not its own (no paper). Check the device configuration.'),
  'paper-low': say('请把身份证放在读卡区。', 'Please lay your ID card on the reader.', '读卡器报告了不属于它的状态（纸少），请检查设备配置。', 'The reader reports a state that is not its own (paper low). Check the device configuration.'),
  'cover-open': say('读卡器暂时不能用，请到人工窗口办理。', 'The card reader cannot be used now. Please go to the counter.', '读卡器外壳打开，请合上。', 'The reader’s case is open. Close it.'),
  jam: say('读卡器暂时不能用，请到人工窗口办理。', 'The card reader cannot be used now. Please go to the counter.', '读卡器被卡住，请检查卡口。', 'The reader is blocked. Check its slot.'),
  'cutter-fault': say('读卡器暂时不能用，请到人工窗口办理。', 'The card reader cannot be used now. Please go to the counter.', '读卡器报告了不属于它的状态（切刀），请检查设备配置。', 'The reader reports a state that is not its own (cutter). Check the device configuration.'),
  fault: say('读卡器出了故障，请到人工窗口办理。', 'The card reader is out of order. Please go to the counter.', '读卡器自检未通过或安全模块未授权，系统每分钟重试一次；请按代码报修。', 'The reader failed its self-test or its security module is not authorised. Retried each minute; report the code.'),
}

const RECEIPT_PRINTER_STATES: Record<DeviceState, TwoSentences> = {
  starting: say('打印机正在准备，请稍候。', 'The printer is getting ready. Please wait a moment.', '正在连接打印机并读取状态。', 'The printer is being connected and asked for its state.'),
  ready: say('可以打印回执。', 'Receipts can be printed.', '打印机正常。', 'The printer is working.'),
  busy: say('正在打印，请稍候。', 'Printing. Please wait.', '打印机正在打印。', 'The printer is printing.'),
  offline: say('现在不能打印回执。您可以继续办理，请记下办件编号。', 'Receipts cannot be printed now. You can go on; please note your case number.', '打印机没有回应：请检查电源、数据线和地址设置，系统会自动重连。', 'No answer from the printer: check power, cable and address. It reconnects by itself.'),
  'no-paper': say('打印纸用完了。您可以继续办理，请记下办件编号。', 'The printer is out of paper. You can go on; please note your case number.', '请换上新的热敏纸卷，热敏面朝打印头。', 'Put in a new roll, with the thermal side to the print head.'),
  'paper-low': say('可以打印回执。', 'Receipts can be printed.', '纸快用完了，请准备换纸。', 'Paper is low. Have a new roll ready.'),
  'cover-open': say('打印机盖没有合上，现在不能打印。您可以继续办理，请记下办件编号。', 'The printer cover is open, so nothing can be printed now. You can go on; please note your case number.', '请合上打印机盖。', 'Close the printer cover.'),
  jam: say('打印机卡纸了，请不要拉纸。您可以继续办理，请记下办件编号。', 'The paper is jammed. Please do not pull it. You can go on; please note your case number.', '卡纸：请打开机盖取出纸，检查出纸口后合上。', 'Paper jam: open the cover, take the paper out, check the outlet and close.'),
  'cutter-fault': say('打印机暂时不能用。您可以继续办理，请记下办件编号。', 'The printer cannot be used now. You can go on; please note your case number.', '切刀故障：请关闭电源，清理切刀处的纸屑后重开。', 'Cutter fault: switch off, clear the paper from the cutter, switch on.'),
  fault: say('打印机出了故障。您可以继续办理，请记下办件编号。', 'The printer is out of order. You can go on; please note your case number.', '打印机故障：请断电重启；仍不恢复请按代码报修。', 'Printer fault: switch it off and on. If it stays, report the code.'),
}

const DOCUMENT_SCANNER_STATES: Record<DeviceState, TwoSentences> = {
  starting: say('扫描仪正在准备，请稍候。', 'The scanner is getting ready. Please wait a moment.', '正在连接扫描仪。', 'The scanner is being connected.'),
  ready: say('请把材料放在扫描仪上。', 'Please lay your paper on the scanner.', '扫描仪正常。', 'The scanner is working.'),
  busy: say('正在扫描，请稍候。', 'Scanning. Please wait.', '扫描仪正在工作。', 'The scanner is at work.'),
  offline: say('扫描仪暂时没有连上。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The scanner is not connected. For papers that may follow, choose “hand in later”, or go to the counter.', '扫描仪没有回应：请检查电源、网线和地址设置，系统会自动重连。', 'No answer from the scanner: check power, network cable and address. It reconnects by itself.'),
  'no-paper': say('进纸器里没有纸，请放好材料。', 'The feeder is empty. Please put your paper in.', '进纸器为空。', 'The feeder is empty.'),
  'paper-low': say('请把材料放在扫描仪上。', 'Please lay your paper on the scanner.', '扫描仪报告了不属于它的状态（纸少），请检查设备配置。', 'The scanner reports a state that is not its own (paper low). Check the device configuration.'),
  'cover-open': say('请合上扫描仪的盖子。', 'Please close the lid of the scanner.', '扫描仪盖打开，请合上。', 'The scanner’s lid is open. Close it.'),
  jam: say('材料卡住了，请不要用力拉，请找工作人员帮忙。', 'Your paper is stuck. Please do not pull it; ask a member of staff.', '进纸器卡纸：请打开进纸器盖，取出材料后合上。', 'Paper jam in the feeder: open its cover, take the paper out and close.'),
  'cutter-fault': say('扫描仪暂时不能用，请到人工窗口办理。', 'The scanner cannot be used now. Please go to the counter.', '扫描仪报告了不属于它的状态（切刀），请检查设备配置。', 'The scanner reports a state that is not its own (cutter). Check the device configuration.'),
  fault: say('扫描仪出了故障。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The scanner is out of order. For papers that may follow, choose “hand in later”, or go to the counter.', '扫描仪故障：请断电重启；仍不恢复请按代码报修。', 'Scanner fault: switch it off and on. If it stays, report the code.'),
}

/** One citizen and one staff sentence for each state of each class of device. */
export const DEVICE_STATE_SENTENCES: Record<DeviceClass, Record<DeviceState, TwoSentences>> = {
  'id-card': ID_CARD_STATES,
  'receipt-printer': RECEIPT_PRINTER_STATES,
  'document-scanner': DOCUMENT_SCANNER_STATES,
}

/** What a class of device is called when it is named without its own name. */
export const DEVICE_CLASS_NAMES: Record<DeviceClass, LocalText> = {
  'id-card': text('身份证读卡器', 'ID card reader'),
  'receipt-printer': text('回执打印机', 'Receipt printer'),
  'document-scanner': text('扫描仪', 'Scanner'),
}

/** How a reading ended without a card's data. Status words in the staff sentences: `id-card-reader` protocol, byte SW3. */
export const CARD_READ_SENTENCES: Record<CardReadError['kind'], TwoSentences> = {
  cancelled: say('已停止读卡，请取回身份证。', 'Reading was stopped. Please take your card back.', '读卡被取消。', 'The reading was cancelled.'),
  'reader-gone': say('读卡器暂时没有连上，请稍候再放卡，或到人工窗口办理。', 'The card reader lost its connection. Please wait and lay your card again, or go to the counter.', '读卡中连接中断：请检查电源和数据线，恢复后会自动重连。', 'The connection broke while reading: check power and cable; it reconnects by itself.'),
  'reader-fault': say('读卡器出了故障，请取回身份证，到人工窗口办理。', 'The card reader is out of order. Please take your card and go to the counter.', '读卡器或其安全模块返回故障代码，请断电重启；仍不恢复请按代码报修。', 'The reader or its security module answered with a fault code. Switch it off and on; if it stays, report the code.'),
  'lift-and-lay-again': say('没有读好。请拿起身份证，再平放到读卡区，不要移动。', 'That did not work. Please lift your card, lay it flat on the reader again and keep it still.', '连续三次读取失败，多为卡片移动、放偏或与其他卡片叠放。', 'Three tries failed, mostly because the card moved, lay off-centre or on top of another card.'),
  'wrong-card': say('这不是身份证。请放身份证，不要放银行卡或交通卡。', 'This is not an ID card. Please use your ID card, not a bank or transport card.', '卡类型不符（SW3 40）。', 'Wrong kind of card (SW3 40).'),
  'card-refused': say('这张证件在本机无法核验，请带证件到人工窗口。', 'This card cannot be verified here. Please take it to the counter.', '卡与安全模块互认失败（SW3 32/33）：请人工核验证件，不要反复重试。', 'Card and security module did not accept each other (SW3 32/33): verify the card by hand, do not retry.'),
  'card-unreadable': say('这张身份证在本机读不出来，请换一台机器，或到人工窗口办理。', 'Your card cannot be read on this machine. Please use another one, or go to the counter.', '卡片读取失败：可能消磁、弯折或损坏，或不接受本机的安全模块。', 'The card cannot be read: it may be bent or damaged, or does not accept this reader’s security module.'),
  'record-inconsistent': say('证件信息读得不完整，请到人工窗口核对。', 'The data on the card could not be confirmed. Please have it checked at the counter.', '卡内信息自相矛盾（校验位、出生日期或性别不符）：请人工核对证件原件，不要手工更正。', 'The record contradicts itself (check digit, birth date or sex): check the original card, do not correct it by hand.'),
  timeout: say('没有看到身份证。准备好后请再试一次。', 'No card was seen. Please try again when you are ready.', '等待放卡超时。', 'No card was laid in time.'),
}

/** What is on screen while a card is being read. */
export const CARD_READ_PROGRESS_SENTENCES: Record<CardReadProgress['kind'], LocalText> = {
  waiting: text('请把身份证平放在读卡区。', 'Please lay your ID card flat on the reader.'),
  'card-found': text('已看到卡片，请不要移动。', 'Card found. Please do not move it.'),
  reading: text('正在读卡，请不要移动身份证。', 'Reading. Please do not move your card.'),
  retrying: text('再读一次，请不要移动身份证。', 'Trying once more. Please do not move your card.'),
  'lift-card': text('请拿起身份证，再平放一次。', 'Please lift your card and lay it flat again.'),
}

/** What stood in the way of a print, for staff, and what it means for the citizen when nothing was printed at all. */
export const PRINT_OBSTACLE_SENTENCES: Record<PrintObstacle, TwoSentences> = {
  'no-paper': say('打印纸用完了，回执没有打印。', 'The printer is out of paper; the receipt was not printed.', '缺纸，请换纸卷。', 'Out of paper. Put in a new roll.'),
  'paper-too-short': say('剩下的纸不够，回执没有打印。', 'There is not enough paper left; the receipt was not printed.', '剩余纸长不足一张回执，请换纸卷。', 'The rest of the roll is shorter than this receipt. Put in a new roll.'),
  'cover-open': say('打印机盖没有合上，回执没有打印。', 'The printer cover is open; the receipt was not printed.', '机盖打开，请合上。', 'The cover is open. Close it.'),
  jam: say('打印机卡纸，回执没有打印。请不要拉纸。', 'The paper is jammed; the receipt was not printed. Please do not pull it.', '卡纸，请打开机盖清理。', 'Paper jam. Open the cover and clear it.'),
  'cutter-fault': say('打印机出了故障，回执没有打印。', 'The printer is out of order; the receipt was not printed.', '切刀故障，请断电后清理纸屑。', 'Cutter fault. Switch off and clear the paper.'),
  fault: say('打印机出了故障，回执没有打印。', 'The printer is out of order; the receipt was not printed.', '打印机报告故障，请断电重启或按代码报修。', 'The printer reports a fault. Switch it off and on, or report the code.'),
  silent: say('打印机没有回应，回执没有打印。', 'The printer does not answer; the receipt was not printed.', '打印机无回应，请检查电源和数据线。', 'No answer from the printer. Check power and cable.'),
  'link-lost': say('打印机没有连上，回执没有打印。', 'The printer is not connected; the receipt was not printed.', '与打印机的连接中断，请检查数据线或网络。', 'The connection to the printer is lost. Check cable or network.'),
  busy: say('打印机正忙，回执还没有打印，请稍候。', 'The printer is busy; the receipt has not been printed yet. Please wait.', '打印机正在处理另一任务。', 'The printer is working on another job.'),
  'glyph-missing': say('回执里有本机打不出的字，请到人工窗口打印。', 'The receipt holds a character that this printer cannot print. Please have it printed at the counter.', '字库缺字：为避免姓名打错，没有打印。请补充字库。', 'A glyph is missing. Nothing was printed, so that no name is printed wrong. Add the glyph.'),
}

const NOTE_THE_NUMBER = text('请记下办件编号，凭编号可以查询和补打。', 'Please note your case number; with it you can ask and have it printed later.')

/** How the print of a receipt ended; for the causes see {@link PRINT_OBSTACLE_SENTENCES}. */
export const PRINT_OUTCOME_SENTENCES: Record<PrintOutcome['kind'], TwoSentences> = {
  printed: say('回执已打印，请取走。', 'Your receipt has been printed. Please take it.', '打印机已确认打印完成。', 'The printer confirmed the print.'),
  'not-started': say('回执没有打印。请记下办件编号，凭编号可以查询和补打。', 'The receipt was not printed. Please note your case number; with it you can ask and have it printed later.', '没有向打印机发送内容，排除原因后可以重新打印。', 'Nothing was sent to the printer. It may be printed again once the cause is gone.'),
  voided: say('回执只打印了一部分，已作废。请记下办件编号，凭编号可以补打。', 'Only part was printed and it is void. Please note your case number; with it you can have it printed again.', '打印中途停止，缓存已清空；补打时会先打印“作废”联。', 'The print stopped in the middle and the buffers are clear. A reprint begins with a stub marked void.'),
  unknown: say('请看一看出纸口：如果没有回执，请凭办件编号查询。', 'Please look at the paper outlet. If there is no receipt, ask with your case number.', '内容已发送但没有收到打印机确认：请看出纸口再决定是否补打，不要自动补打。', 'The content was sent and the printer did not confirm. Look at the outlet before printing again.'),
}

/** How a scan ended without a page. */
export const SCAN_SENTENCES: Record<ScanError['kind'], TwoSentences> = {
  cancelled: say('已停止扫描。', 'Scanning was stopped.', '扫描被取消。', 'The scan was cancelled.'),
  'scanner-gone': say('扫描仪暂时没有连上，请稍候再试。可以以后补交的材料，也可以先跳过。', 'The scanner lost its connection. Please try again shortly, or skip papers that may follow later.', '扫描中连接中断：请检查电源和网线。', 'The connection broke while scanning: check power and network cable.'),
  busy: say('扫描仪正忙，请稍候再试。', 'The scanner is busy. Please try again shortly.', '扫描仪正在处理另一任务。', 'The scanner is working on another job.'),
  'feeder-empty': say('进纸器里没有纸，请放好材料再试。', 'The feeder is empty. Please put your paper in and try again.', '进纸器为空。', 'The feeder is empty.'),
  jam: say('材料卡住了，请不要用力拉，请找工作人员帮忙。', 'Your paper is stuck. Please do not pull it; ask a member of staff.', '进纸器卡纸：请打开进纸器盖取出材料。', 'Paper jam in the feeder: open its cover and take the paper out.'),
  'cover-open': say('请合上扫描仪的盖子，再试一次。', 'Please close the lid of the scanner and try again.', '扫描仪盖打开。', 'The scanner’s lid is open.'),
  'bad-image': say('这一页没有扫好，请放平后再扫一次。', 'This page did not come out well. Please lay it flat and scan it again.', '收到的图像为空、不完整或无法解码。', 'The picture was empty, cut off or could not be decoded.'),
  fault: say('扫描仪出了故障，请找工作人员帮忙，或到人工窗口办理。', 'The scanner is out of order. Please ask a member of staff, or go to the counter.', '扫描仪报告故障，请断电重启或按代码报修。', 'The scanner reports a fault. Switch it off and on, or report the code.'),
}

/** What is on screen while a page is being scanned. */
export const SCAN_PROGRESS_SENTENCES: Record<ScanProgress['kind'], LocalText> = {
  starting: text('扫描仪正在准备，请不要移动材料。', 'The scanner is getting ready. Please do not move your paper.'),
  scanning: text('正在扫描，请不要移动材料。', 'Scanning. Please do not move your paper.'),
  receiving: text('正在接收图像，请稍候。', 'Receiving the picture. Please wait.'),
}

/** What to say about this very end of a print: the outcome, and its cause where that helps. */
export function printSentences(outcome: PrintOutcome): TwoSentences {
  const ended = PRINT_OUTCOME_SENTENCES[outcome.kind]
  switch (outcome.kind) {
    case 'printed':
      return ended
    case 'not-started': {
      const obstacle = PRINT_OBSTACLE_SENTENCES[outcome.why]
      // A busy printer or a missing glyph has its own remedy, which the general one would blur.
      const ownRemedy = outcome.why === 'busy' || outcome.why === 'glyph-missing'
      return { citizen: ownRemedy ? obstacle.citizen : join(obstacle.citizen, NOTE_THE_NUMBER), staff: join(obstacle.staff, ended.staff) }
    }
    // Paper has moved, or may have: what the citizen must do does not depend on the cause.
    case 'voided':
    case 'unknown':
      return { citizen: ended.citizen, staff: join(ended.staff, PRINT_OBSTACLE_SENTENCES[outcome.why].staff) }
    default:
      return unreachable(outcome)
  }
}

export function cardReadErrorSentences(error: CardReadError): TwoSentences {
  return withCode(CARD_READ_SENTENCES[error.kind], 'code' in error ? error.code : undefined)
}

export function scanErrorSentences(error: ScanError): TwoSentences {
  return withCode(SCAN_SENTENCES[error.kind], 'code' in error ? error.code : undefined)
}

export function deviceStateSentences(kind: DeviceClass, status: DeviceStatus): TwoSentences {
  return withCode(DEVICE_STATE_SENTENCES[kind][status.state], status.code)
}

/** Codes are for staff: they stand behind the staff sentence, never in the citizen's. */
function withCode(sentences: TwoSentences, code: string | undefined): TwoSentences {
  return code === undefined || code === '' ? sentences : { citizen: sentences.citizen, staff: text(`${sentences.staff['zh-CN']}（代码 ${code}）`, `${sentences.staff.en} (Code ${code})`) }
}

function join(first: LocalText, second: LocalText): LocalText {
  return text(first['zh-CN'] + second['zh-CN'], `${first.en} ${second.en}`)
}
