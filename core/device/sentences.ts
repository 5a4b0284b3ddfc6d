import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { CardReadError, CardReadProgress, CodeReadError, PagePrintObstacle, PagePrintOutcome, PagePrintProgress, PrintObstacle, PrintOutcome, ScanError, ScannedBatch, ScanProgress, SocialCardError, SocialCardProgress, TicketFate } from './operations.ts'
import type { TwoSentences } from './two-sentences.ts'
import { join, say, withCode } from './two-sentences.ts'

export { DEVICE_CLASS_NAMES, DEVICE_STATE_SENTENCES, deviceReportSentences, deviceStateName, deviceStateSentences } from './state-sentences.ts'
export type { StateSentences, TwoSentences } from './two-sentences.ts'

/*
 * What is said about what devices are asked to do. Every map is a `Record` over a union: a new cause without sentences does
 * not compile. The states of devices stand in `state-sentences.ts`.
 */

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

// --- Codes ------------------------------------------------------------------------------------------------------------

/** How waiting for a code ended without one. */
export const CODE_READ_SENTENCES: Record<CodeReadError['kind'], TwoSentences> = {
  cancelled: say('已停止扫码。', 'Scanning was stopped.', '扫码被取消。', 'The scan was cancelled.'),
  timeout: say('没有扫到二维码。请把屏幕调亮，对准扫码口再试一次。', 'No code was seen. Please make your screen brighter, hold it to the scanner and try again.', '等待扫码超时。', 'No code was shown in time.'),
  'scanner-gone': say('扫码器暂时没有连上。请稍等再试，或改用身份证。', 'The code scanner lost its connection. Please try again shortly, or use your ID card.', '扫码中连接中断：请检查数据线，恢复后会自动重连。', 'The connection broke while waiting for a code: check the cable; it reconnects by itself.'),
  fault: say('扫码器坏了。请改用身份证，或到人工窗口办理。', 'The code scanner is out of order. Please use your ID card, or go to the counter.', '扫码器故障：请重新插拔数据线；仍不恢复请按代码报修。', 'Code scanner fault: unplug it and plug it in again. If it stays, report the code.'),
}

export function codeReadErrorSentences(error: CodeReadError): TwoSentences {
  return withCode(CODE_READ_SENTENCES[error.kind], 'code' in error ? error.code : undefined)
}

// --- Social-security cards --------------------------------------------------------------------------------------------

/** How reading a social-security card ended without its data. */
export const SOCIAL_CARD_SENTENCES: Record<SocialCardError['kind'], TwoSentences> = {
  cancelled: say('已停止读卡，请取回社保卡。', 'Reading was stopped. Please take your card back.', '读社保卡被取消。', 'The reading was cancelled.'),
  timeout: say('没有看到社保卡。准备好后请再试一次。', 'No card was seen. Please try again when you are ready.', '等待插卡超时。', 'No card was inserted in time.'),
  'reader-gone': say('社保卡读卡器暂时没有连上。请取回卡，稍等再试。', 'The reader lost its connection. Please take your card back and try again shortly.', '读卡中连接中断：请检查数据线，恢复后会自动重连。', 'The connection broke while reading: check the cable; it reconnects by itself.'),
  'reader-fault': say('社保卡读卡器坏了。请取回卡，改用身份证，或到人工窗口办理。', 'The reader is out of order. Please take your card back and use your ID card, or go to the counter.', '社保卡读卡器故障：请重新插拔数据线；仍不恢复请按代码报修。', 'Social-security card reader fault: unplug it and plug it in again. If it stays, report the code.'),
  'wrong-card': say('这不是社保卡，请换社保卡再试。', 'This is not a social-security card. Please insert that card and try again.', '卡上没有社保应用。', 'There is no social-security application on this card.'),
  'card-pulled': say('卡拔得太早了。请重新插入，等读完再取。', 'The card came out too early. Please insert it again and leave it in until it is read.', '读卡中途卡被拔出。', 'The card was pulled out while it was read.'),
  'card-unreadable': say('这张社保卡读不出来。请擦净芯片再试，或改用身份证。', 'This card cannot be read. Please wipe its chip and try again, or use your ID card.', '社保卡读取失败：芯片可能脏污或损坏。', 'The card cannot be read: its chip may be dirty or damaged.'),
}

/** What is on screen while a social-security card is being read. */
export const SOCIAL_CARD_PROGRESS_SENTENCES: Record<SocialCardProgress['kind'], LocalText> = {
  waiting: text('请把社保卡芯片朝前，插入卡口。', 'Please insert your social-security card, chip first.'),
  reading: text('正在读社保卡，请不要拔卡。', 'Reading. Please leave your card in.'),
}

export function socialCardErrorSentences(error: SocialCardError): TwoSentences {
  return withCode(SOCIAL_CARD_SENTENCES[error.kind], 'code' in error ? error.code : undefined)
}

// --- Pages on paper ---------------------------------------------------------------------------------------------------

/** What stood in the way of printing pages, and what it means for the citizen when nothing was printed at all. */
export const PAGE_PRINT_OBSTACLE_SENTENCES: Record<PagePrintObstacle, TwoSentences> = {
  'no-paper': say('打印机没有纸了，没有打印。', 'The printer is out of paper; nothing was printed.', '纸盒空，请加 A4 纸。', 'The tray is empty. Put in A4 paper.'),
  'wrong-paper': say('打印机里的纸不对，没有打印。', 'The printer holds the wrong paper; nothing was printed.', '纸盒里不是 A4 纸，请换 A4 纸。', 'The tray does not hold A4. Put in A4 paper.'),
  jam: say('打印机卡纸了，没有打印。请不要拉纸。', 'The paper is jammed; nothing was printed. Please do not pull it.', '卡纸，请打开机盖清理。', 'Paper jam. Open the cover and clear it.'),
  'cover-open': say('打印机盖没有合上，没有打印。', 'The printer cover is open; nothing was printed.', '机盖或纸盒打开，请合上。', 'A cover or the tray is open. Close it.'),
  'no-toner': say('打印机没有墨粉了，没有打印。', 'The printer is out of toner; nothing was printed.', '墨粉用完，请换粉盒。', 'The toner is used up. Change the cartridge.'),
  'output-full': say('出纸处的纸满了，没有打印。', 'The output tray is full; nothing was printed.', '出纸盘已满，请取走纸张。', 'The output tray is full. Take the pages out.'),
  paused: say('打印机被暂停了，没有打印。', 'The printer is paused; nothing was printed.', '打印机或队列被暂停，请恢复。', 'The printer or its queue is paused. Resume it.'),
  busy: say('打印机正忙，还没有打印，请稍等。', 'The printer is busy; nothing has been printed yet. Please wait.', '打印机正在处理另一任务。', 'The printer is working on another job.'),
  fault: say('打印机坏了，没有打印。', 'The printer is out of order; nothing was printed.', '打印机报告故障，请断电重启或按代码报修。', 'The printer reports a fault. Switch it off and on, or report the code.'),
  silent: say('打印机没有回应，没有打印。', 'The printer does not answer; nothing was printed.', '打印机无回应，请检查电源和网线。', 'No answer from the printer. Check power and network cable.'),
  'link-lost': say('打印机没有连上，没有打印。', 'The printer is not connected; nothing was printed.', '与打印机的连接中断，请检查网线或数据线。', 'The connection to the printer is lost. Check its cable or the network.'),
  'format-refused': say('打印机打不了这份材料，请到人工窗口打印。', 'The printer cannot print this document. Please have it printed at the counter.', '打印机不接受这种格式（PDF）：请改用 CUPS 队列或更换型号。', 'The printer does not accept this format (PDF). Use a CUPS queue or another model.'),
}

/** How printing pages ended; for the causes see {@link PAGE_PRINT_OBSTACLE_SENTENCES}. */
export const PAGE_PRINT_OUTCOME_SENTENCES: Record<PagePrintOutcome['kind'], TwoSentences> = {
  printed: say('已打印好，请取走您的纸。', 'It has been printed. Please take your pages.', '打印机已确认打印完成，页数相符。', 'The printer confirmed the job, and its count of pages agrees.'),
  'not-started': say('没有打印。请稍后再试，或到人工窗口打印。', 'Nothing was printed. Please try again later, or have it printed at the counter.', '没有打印任何一页，排除原因后可以重新打印。', 'No page was printed. It may be printed again once the cause is gone.'),
  stopped: say('只打印了一部分，请把已出的纸交给工作人员。', 'Only part was printed. Please give the pages to a member of staff.', '打印机中途结束了任务：请收回已出的纸，再决定是否重印。', 'The printer ended the job before all pages were out. Collect the pages before it is printed again.'),
  unknown: say('请看一看出纸处：如果没有纸或少了，请找工作人员。', 'Please look at the output tray. If pages are missing, ask a member of staff.', '内容已发送但不知道结果：请看出纸处和打印机队列，不要直接重印。', 'It was sent, and its end is not known. Look at the tray and the printer’s queue before printing again.'),
}

/** What is on screen while pages are printed; for the page and the cause see {@link pagePrintProgressSentence}. */
export const PAGE_PRINT_PROGRESS_SENTENCES: Record<PagePrintProgress['kind'], LocalText> = {
  sending: text('正在发送到打印机，请稍等。', 'Sending to the printer. Please wait.'),
  printing: text('正在打印，请稍等。', 'Printing. Please wait.'),
  waiting: text('打印机停了，请找工作人员帮忙。', 'The printer has stopped. Please ask a member of staff.'),
}

/** What a printer waits for in the middle of a job, as an order to whoever stands there. */
const WAITING_FOR: Readonly<Partial<Record<PagePrintObstacle, LocalText>>> = {
  'no-paper': text('打印机没有纸了，请找工作人员加纸。', 'The printer is out of paper. Please ask a member of staff.'),
  'output-full': text('出纸处的纸满了，请取走，打印会继续。', 'The output tray is full. Please take the pages; printing will go on.'),
  busy: text('打印机正忙，请稍等。', 'The printer is busy. Please wait.'),
}

export function pagePrintProgressSentence(progress: PagePrintProgress): LocalText {
  switch (progress.kind) {
    case 'sending':
      return PAGE_PRINT_PROGRESS_SENTENCES.sending
    case 'printing':
      return progress.page < 1 ? PAGE_PRINT_PROGRESS_SENTENCES.printing : text(`正在打印第 ${progress.page} 页，请稍等。`, `Printing page ${progress.page}. Please wait.`)
    case 'waiting':
      return WAITING_FOR[progress.why] ?? PAGE_PRINT_PROGRESS_SENTENCES.waiting
    default:
      return unreachable(progress)
  }
}

const PRINT_PAGES_LATER = text('请稍后再试，或到人工窗口打印。', 'Please try again later, or have it printed at the counter.')

/** What to say about this very end of printing pages: the outcome, and its cause where that helps. */
export function pagePrintSentences(outcome: PagePrintOutcome): TwoSentences {
  const ended = PAGE_PRINT_OUTCOME_SENTENCES[outcome.kind]
  switch (outcome.kind) {
    case 'printed':
      return ended
    case 'not-started': {
      const obstacle = PAGE_PRINT_OBSTACLE_SENTENCES[outcome.why]
      // These two say by themselves what to do.
      const ownRemedy = outcome.why === 'busy' || outcome.why === 'format-refused'
      return { citizen: ownRemedy ? obstacle.citizen : join(obstacle.citizen, PRINT_PAGES_LATER), staff: join(obstacle.staff, ended.staff) }
    }
    case 'stopped':
    case 'unknown':
      return { citizen: ended.citizen, staff: join(ended.staff, PAGE_PRINT_OBSTACLE_SENTENCES[outcome.why].staff) }
    default:
      return unreachable(outcome)
  }
}

// --- Tickets and batches ----------------------------------------------------------------------------------------------

/** What became of a receipt that was printed, from printers that can tell. */
export const TICKET_FATE_SENTENCES: Record<TicketFate, TwoSentences> = {
  presented: say('回执已打印，请从出纸口取走。', 'Your receipt has been printed. Please take it from the outlet.', '回执在出纸口，等待取走。', 'The receipt is at the outlet.'),
  taken: say('回执已取走。', 'Your receipt has been taken.', '回执已被取走。', 'The receipt has been taken.'),
  retracted: say('回执没有取走，已收回。需要时请凭办件编号补打。', 'Your receipt was not taken and has been drawn in. You can have it printed again with your case number.', '回执超时未取，已收入回收箱。', 'The receipt was not taken in time and is in the bin.'),
  left: say('回执还在出纸口，请取走。', 'Your receipt is still at the outlet. Please take it.', '回执超时未取，仍在出纸口：请人工取走并妥善处理。', 'The receipt was not taken and hangs at the outlet: take it out and keep it safe.'),
}

/** After a feeder job: how many pages there are now. */
export function scannedBatchSentence(batch: ScannedBatch): LocalText {
  return text(`扫描了 ${batch.pages} 页，请核对页数，取回原件。`, `${batch.pages === 1 ? 'One page was' : `${batch.pages} pages were`} scanned. Please check the number and take your papers back.`)
}
