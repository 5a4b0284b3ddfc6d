import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { DeviceClass, DeviceReport, DeviceState, DeviceStatus } from './status.ts'
import { isUsable } from './status.ts'
import type { StateSentences } from './two-sentences.ts'
import { sayState, withCode } from './two-sentences.ts'

/** What a class of device is called when it is named without its own name. */
export const DEVICE_CLASS_NAMES: Record<DeviceClass, LocalText> = {
  'id-card': text('身份证读卡器', 'ID card reader'),
  'code-scanner': text('扫码器', 'Code scanner'),
  'social-card': text('社保卡读卡器', 'Social-security card reader'),
  'receipt-printer': text('回执打印机', 'Receipt printer'),
  'page-printer': text('A4 打印机', 'A4 printer'),
  'document-scanner': text('扫描仪', 'Scanner'),
  'document-camera': text('高拍仪', 'Document camera'),
}

const NOTHING = text('不用处理。', 'Nothing to do.')
const WAIT = text('等一分钟，看它是否就绪。', 'Wait a minute for it to get ready.')
const CABLE = text('查电源和数据线，都插紧。', 'Check power and cable, and push both in.')
const POWER = text('断电十秒再开；不行就报修。', 'Switch it off for ten seconds and on again; if that fails, report it.')
const RELEASE = text('可以用了，就在本页恢复使用。', 'When it may be used again, put it back into service on this page.')
const CONFIGURATION = text('请技术员检查设备配置。', 'Have a technician check the device configuration.')

/** What the state is called inside a sentence. */
const STATE_NAMES: Record<DeviceState, LocalText> = {
  starting: text('正在准备', 'starting'),
  ready: text('正常', 'ready'),
  busy: text('正在工作', 'busy'),
  offline: text('未连接', 'offline'),
  'no-paper': text('缺纸', 'out of paper'),
  'paper-low': text('纸少', 'paper low'),
  'no-toner': text('缺墨粉', 'out of toner'),
  'output-full': text('出纸口满', 'output full'),
  'cover-open': text('盖子打开', 'cover open'),
  jam: text('卡纸', 'jam'),
  'cutter-fault': text('切刀故障', 'cutter fault'),
  fault: text('故障', 'fault'),
  'out-of-service': text('停用', 'out of service'),
}

/** Short name of a state, for a column of a table. */
export function deviceStateName(state: DeviceState): LocalText {
  return STATE_NAMES[state]
}

/** `Receipt printer` within a sentence is `receipt printer`, but `ID card reader` stays. */
export function withinSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

/**
 * A state that this class of device cannot have: its driver or its configuration is wrong, and staff must hear so. The
 * citizen hears of a device that works or does not, as the state counts for everyone else.
 */
function notItsOwn(kind: DeviceClass, state: DeviceState, whenUsable: StateSentences): StateSentences {
  const name = DEVICE_CLASS_NAMES[kind]
  const what = STATE_NAMES[state]
  const staff = text(`${name['zh-CN']}报告了不属于它的状态（${what['zh-CN']}），请检查设备配置。`, `The ${withinSentence(name.en)} reports a state that is not its own (${what.en}). Check the device configuration.`)
  const citizen = isUsable(state) ? whenUsable.citizen : text(`${name['zh-CN']}暂时不能用，请到人工窗口办理。`, `The ${withinSentence(name.en)} cannot be used now. Please go to the counter.`)
  return { citizen, staff, todo: CONFIGURATION }
}

/** The states that a class has, and for the others the sentence that says so. */
function states<Foreign extends DeviceState>(kind: DeviceClass, foreign: readonly Foreign[], own: Record<Exclude<DeviceState, Foreign>, StateSentences> & { readonly ready: StateSentences }): Record<DeviceState, StateSentences> {
  const others = Object.fromEntries(foreign.map((state) => [state, notItsOwn(kind, state, own.ready)])) as Record<Foreign, StateSentences>
  return { ...others, ...own } as Record<DeviceState, StateSentences>
}

/** Staff have taken it out of service and have said no reason that fits; see {@link deviceReportSentences} for the one with a reason. */
const outOfService = (kind: DeviceClass): StateSentences => {
  const name = DEVICE_CLASS_NAMES[kind]
  return sayState(`${name['zh-CN']}已停用，需要时请到人工窗口办理。`, `The ${withinSentence(name.en)} is out of service. Please go to the counter if you need it.`, '工作人员已停用。', 'Taken out of service by staff.', RELEASE)
}

const NO_PAPER_STATES = ['no-paper', 'paper-low', 'no-toner', 'output-full', 'cover-open', 'jam', 'cutter-fault'] as const

const ID_CARD_STATES = states('id-card', NO_PAPER_STATES, {
  starting: sayState('读卡器正在准备，请稍等。', 'The card reader is getting ready. Please wait a moment.', '读卡器正在打开和自检。', 'The reader is being opened and tested.', WAIT),
  ready: sayState('请把身份证放在读卡区。', 'Please lay your ID card on the reader.', '读卡器正常。', 'The reader is working.', NOTHING),
  busy: sayState('正在读卡，请不要动身份证。', 'Reading. Please do not move your card.', '正在读卡。', 'A card is being read.', NOTHING),
  offline: sayState('读卡器暂时没有连上。请稍等，或到人工窗口办理。', 'The card reader is not connected. Please wait, or go to the counter.', '读卡器没有连接：请检查电源、数据线和端口设置，系统会自动重连。', 'No connection to the reader: check power, cable and port setting. It reconnects by itself.', CABLE),
  fault: sayState('读卡器坏了，请到人工窗口办理。', 'The card reader is out of order. Please go to the counter.', '读卡器自检未通过或安全模块未授权，系统每分钟重试一次；请按代码报修。', 'The reader failed its self-test or its security module is not authorised. Retried each minute; report the code.', POWER),
  'out-of-service': outOfService('id-card'),
})

const CODE_SCANNER_STATES = states('code-scanner', NO_PAPER_STATES, {
  starting: sayState('扫码器正在准备，请稍等。', 'The code scanner is getting ready. Please wait a moment.', '正在连接扫码器。', 'The code scanner is being connected.', WAIT),
  ready: sayState('请把二维码对准扫码口。', 'Please hold your code in front of the scanner.', '扫码器正常。', 'The code scanner is working.', NOTHING),
  busy: sayState('请把二维码对准扫码口。', 'Please hold your code in front of the scanner.', '扫码器正在等候二维码。', 'The code scanner is waiting for a code.', NOTHING),
  offline: sayState('扫码器暂时没有连上。请稍等，或改用身份证。', 'The code scanner is not connected. Please wait, or use your ID card.', '扫码器没有连接：请检查数据线和端口设置，系统会自动重连。', 'No connection to the code scanner: check cable and port setting. It reconnects by itself.', CABLE),
  fault: sayState('扫码器坏了，请改用身份证，或到人工窗口办理。', 'The code scanner is out of order. Please use your ID card, or go to the counter.', '扫码器故障：请重新插拔数据线；仍不恢复请按代码报修。', 'Code scanner fault: unplug it and plug it in again. If it stays, report the code.', POWER),
  'out-of-service': outOfService('code-scanner'),
})

const SOCIAL_CARD_STATES = states('social-card', NO_PAPER_STATES, {
  starting: sayState('社保卡读卡器正在准备，请稍等。', 'The social-security card reader is getting ready. Please wait a moment.', '正在连接社保卡读卡器。', 'The social-security card reader is being connected.', WAIT),
  ready: sayState('请把社保卡芯片朝前，插入卡口。', 'Please insert your social-security card, chip first.', '社保卡读卡器正常。', 'The social-security card reader is working.', NOTHING),
  busy: sayState('正在读社保卡，请不要拔卡。', 'Reading. Please leave your card in.', '正在读社保卡。', 'A social-security card is being read.', NOTHING),
  offline: sayState('社保卡读卡器暂时没有连上。请稍等，或改用身份证。', 'The social-security card reader is not connected. Please wait, or use your ID card.', '社保卡读卡器没有连接：请检查数据线，并确认 pcscd 服务在运行。', 'No connection to the social-security card reader: check its cable, and that the pcscd service is running.', CABLE),
  fault: sayState('社保卡读卡器坏了，请改用身份证，或到人工窗口办理。', 'The social-security card reader is out of order. Please use your ID card, or go to the counter.', '社保卡读卡器故障：请重新插拔数据线；仍不恢复请按代码报修。', 'Social-security card reader fault: unplug it and plug it in again. If it stays, report the code.', POWER),
  'out-of-service': outOfService('social-card'),
})

const RECEIPT_PRINTER_STATES = states('receipt-printer', ['no-toner'], {
  starting: sayState('打印机正在准备，请稍等。', 'The printer is getting ready. Please wait a moment.', '正在连接打印机并读取状态。', 'The printer is being connected and asked for its state.', WAIT),
  ready: sayState('可以打印回执。', 'Receipts can be printed.', '打印机正常。', 'The printer is working.', NOTHING),
  busy: sayState('正在打印，请稍等。', 'Printing. Please wait.', '打印机正在打印。', 'The printer is printing.', NOTHING),
  offline: sayState('现在不能打印回执。您可以继续办理，请记下办件编号。', 'Receipts cannot be printed now. You can go on; please note your case number.', '打印机没有回应：请检查电源、数据线和地址设置，系统会自动重连。', 'No answer from the printer: check power, cable and address. It reconnects by itself.', CABLE),
  'no-paper': sayState('打印纸用完了。您可以继续办理，请记下办件编号。', 'The printer is out of paper. You can go on; please note your case number.', '纸卷用完：请换上新的热敏纸卷，热敏面朝打印头。', 'The roll has ended. Put in a new one, with the thermal side to the print head.', text('换上新纸卷，再登记换纸。', 'Put in a new roll, then tell this page so.')),
  'paper-low': sayState('可以打印回执。', 'Receipts can be printed.', '纸快用完了，请准备换纸。', 'Paper is low. Have a new roll ready.', text('备好新纸卷，有空就换。', 'Have a new roll ready and change it soon.')),
  'output-full': sayState('出纸口还有一张纸，请先取走。', 'A paper is still in the outlet. Please take it first.', '出纸口或回收箱满：请取走纸张，清空回收箱。', 'The outlet or the bin of retracted receipts is full. Take the paper out and empty the bin.', text('取走出纸口的纸，清空回收箱。', 'Take the paper from the outlet and empty the bin.')),
  'cover-open': sayState('打印机盖没有合上，现在不能打印。您可以继续办理，请记下办件编号。', 'The printer cover is open, so nothing can be printed now. You can go on; please note your case number.', '打印机盖打开，请合上。', 'The printer cover is open. Close it.', text('合上打印机盖。', 'Close the printer cover.')),
  jam: sayState('打印机卡纸了，请不要拉纸。您可以继续办理，请记下办件编号。', 'The paper is jammed. Please do not pull it. You can go on; please note your case number.', '卡纸：请打开机盖取出纸，检查出纸口后合上。', 'Paper jam: open the cover, take the paper out, check the outlet and close.', text('开盖，取出卡住的纸，再合上。', 'Open the cover, take the jammed paper out, close it.')),
  'cutter-fault': sayState('打印机暂时不能用。您可以继续办理，请记下办件编号。', 'The printer cannot be used now. You can go on; please note your case number.', '切刀故障：请关闭电源，清理切刀处的纸屑后重开。', 'Cutter fault: switch off, clear the paper from the cutter, switch on.', text('断电，清理切刀处的纸屑，再开。', 'Switch off, clear the cutter, switch on.')),
  fault: sayState('打印机坏了。您可以继续办理，请记下办件编号。', 'The printer is out of order. You can go on; please note your case number.', '打印机故障：请断电重启；仍不恢复请按代码报修。', 'Printer fault: switch it off and on. If it stays, report the code.', POWER),
  'out-of-service': outOfService('receipt-printer'),
})

const PAGE_PRINTER_STATES = states('page-printer', ['cutter-fault'], {
  starting: sayState('打印机正在准备，请稍等。', 'The printer is getting ready. Please wait a moment.', '正在连接 A4 打印机并读取状态。', 'The A4 printer is being connected and asked for its state.', WAIT),
  ready: sayState('可以打印材料。', 'Documents can be printed.', 'A4 打印机正常。', 'The A4 printer is working.', NOTHING),
  busy: sayState('正在打印，请稍等。', 'Printing. Please wait.', 'A4 打印机正在打印。', 'The A4 printer is printing.', NOTHING),
  offline: sayState('打印机暂时没有连上，现在不能打印材料。', 'The printer is not connected, so documents cannot be printed now.', 'A4 打印机没有回应：请检查电源、网线和地址设置，系统会自动重连。', 'No answer from the A4 printer: check power, network cable and address. It reconnects by itself.', CABLE),
  'no-paper': sayState('打印机没有纸了，现在不能打印材料。', 'The printer is out of paper, so documents cannot be printed now.', 'A4 纸盒空，或放的不是 A4 纸。', 'The A4 tray is empty, or holds another size.', text('往纸盒里加 A4 纸。', 'Put A4 paper into the tray.')),
  'paper-low': sayState('可以打印材料。', 'Documents can be printed.', 'A4 纸快用完了，请准备加纸。', 'A4 paper is low. Have some ready.', text('备好 A4 纸，有空就加。', 'Have A4 paper ready and refill soon.')),
  'no-toner': sayState('打印机没有墨粉了，现在不能打印材料。', 'The printer is out of toner, so documents cannot be printed now.', '墨粉用完，请换粉盒。', 'The toner is used up. Change the cartridge.', text('换一个新粉盒。', 'Put in a new toner cartridge.')),
  'output-full': sayState('出纸处的纸满了，请取走您的纸。', 'The output tray is full. Please take your pages.', '出纸盘已满，请取走纸张。', 'The output tray is full. Take the pages out.', text('清空出纸盘。', 'Empty the output tray.')),
  'cover-open': sayState('打印机盖没有合上，现在不能打印材料。', 'The printer cover is open, so documents cannot be printed now.', 'A4 打印机盖或纸盒没有合上。', 'A cover or the tray of the A4 printer is open.', text('合上机盖，推好纸盒。', 'Close the cover and push the tray in.')),
  jam: sayState('打印机卡纸了，请不要拉纸，请找工作人员帮忙。', 'The paper is jammed. Please do not pull it; ask a member of staff.', 'A4 打印机卡纸：请打开机盖取出纸后合上。', 'Paper jam in the A4 printer: open its cover, take the paper out and close.', text('开盖，取出卡住的纸，再合上。', 'Open the cover, take the jammed paper out, close it.')),
  fault: sayState('打印机坏了，现在不能打印材料。', 'The printer is out of order, so documents cannot be printed now.', 'A4 打印机故障：请断电重启；仍不恢复请按代码报修。', 'A4 printer fault: switch it off and on. If it stays, report the code.', POWER),
  'out-of-service': outOfService('page-printer'),
})

const DOCUMENT_SCANNER_STATES = states('document-scanner', ['paper-low', 'no-toner', 'output-full', 'cutter-fault'], {
  starting: sayState('扫描仪正在准备，请稍等。', 'The scanner is getting ready. Please wait a moment.', '正在连接扫描仪。', 'The scanner is being connected.', WAIT),
  ready: sayState('请把材料放在扫描仪上。', 'Please lay your paper on the scanner.', '扫描仪正常。', 'The scanner is working.', NOTHING),
  busy: sayState('正在扫描，请稍等。', 'Scanning. Please wait.', '扫描仪正在工作。', 'The scanner is at work.', NOTHING),
  offline: sayState('扫描仪暂时没有连上。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The scanner is not connected. For papers that may follow, choose “hand in later”, or go to the counter.', '扫描仪没有回应：请检查电源、网线和地址设置，系统会自动重连。', 'No answer from the scanner: check power, network cable and address. It reconnects by itself.', CABLE),
  'no-paper': sayState('进纸器里没有纸，请放好材料。', 'The feeder is empty. Please put your paper in.', '进纸器为空。', 'The feeder is empty.', NOTHING),
  'cover-open': sayState('请合上扫描仪的盖子。', 'Please close the lid of the scanner.', '扫描仪盖打开，请合上。', 'The scanner’s lid is open. Close it.', text('合上扫描仪的盖子。', 'Close the lid of the scanner.')),
  jam: sayState('材料卡住了，请不要用力拉，请找工作人员帮忙。', 'Your paper is stuck. Please do not pull it; ask a member of staff.', '进纸器卡纸：请打开进纸器盖，取出材料后合上。', 'Paper jam in the feeder: open its cover, take the paper out and close.', text('打开进纸器盖，取出材料，再合上。', 'Open the feeder’s cover, take the paper out, close it.')),
  fault: sayState('扫描仪坏了。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The scanner is out of order. For papers that may follow, choose “hand in later”, or go to the counter.', '扫描仪故障：请断电重启；仍不恢复请按代码报修。', 'Scanner fault: switch it off and on. If it stays, report the code.', POWER),
  'out-of-service': outOfService('document-scanner'),
})

const DOCUMENT_CAMERA_STATES = states('document-camera', NO_PAPER_STATES, {
  starting: sayState('高拍仪正在准备，请稍等。', 'The document camera is getting ready. Please wait a moment.', '正在打开高拍仪。', 'The document camera is being opened.', WAIT),
  ready: sayState('请把材料平放在拍摄区。', 'Please lay your paper flat under the camera.', '高拍仪正常。', 'The document camera is working.', NOTHING),
  busy: sayState('正在拍照，请不要动材料。', 'Taking a picture. Please do not move your paper.', '高拍仪正在使用。', 'The document camera is in use.', NOTHING),
  offline: sayState('高拍仪暂时没有连上。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The document camera is not connected. For papers that may follow, choose “hand in later”, or go to the counter.', '找不到高拍仪：请检查数据线，插上后会自动恢复。', 'The document camera is not found: check its cable. It comes back by itself when plugged in.', CABLE),
  fault: sayState('高拍仪坏了。可以以后补交的材料，请选“稍后补交”，或到人工窗口办理。', 'The document camera is out of order. For papers that may follow, choose “hand in later”, or go to the counter.', '高拍仪打不开：可能没有权限或被其他程序占用；请重新插拔，仍不恢复请按代码报修。', 'The document camera cannot be opened: no permission, or another program holds it. Unplug it and plug it in again; if it stays, report the code.', POWER),
  'out-of-service': outOfService('document-camera'),
})

/** The sentences for each state of each class of device. A new class or state without them does not compile. */
export const DEVICE_STATE_SENTENCES: Record<DeviceClass, Record<DeviceState, StateSentences>> = {
  'id-card': ID_CARD_STATES,
  'code-scanner': CODE_SCANNER_STATES,
  'social-card': SOCIAL_CARD_STATES,
  'receipt-printer': RECEIPT_PRINTER_STATES,
  'page-printer': PAGE_PRINTER_STATES,
  'document-scanner': DOCUMENT_SCANNER_STATES,
  'document-camera': DOCUMENT_CAMERA_STATES,
}

/** What the kiosk process says when there is no device host: the cable is not to blame, and nothing has to be done. */
const HOST_AWAY_STAFF = text('设备程序正在重新启动，一般几秒后恢复。', 'The device program is starting again; it is mostly back within seconds.')
/** Codes of the host that say more than the state does; `HOST_GONE` and `DRIVER_MISSING` of the device host. */
const BY_CODE: Readonly<Record<string, Pick<StateSentences, 'staff' | 'todo'>>> = {
  'host-gone': { staff: HOST_AWAY_STAFF, todo: WAIT },
  'driver-missing': { staff: text('缺少驱动组件，设备无法打开。', 'A component of the driver is missing; the device cannot be opened.'), todo: text('请技术员重新安装本程序。', 'Have a technician install this program again.') },
}

/** The sentences for a state, with its code behind the staff sentence. */
export function deviceStateSentences(kind: DeviceClass, status: DeviceStatus): StateSentences {
  const known = status.code === undefined ? undefined : BY_CODE[status.code]
  return withCode({ ...DEVICE_STATE_SENTENCES[kind][status.state], ...known }, status.code)
}

/** As {@link deviceStateSentences}; a device that staff took out of service says why. */
export function deviceReportSentences(report: Pick<DeviceReport, 'kind' | 'status' | 'reason'>): StateSentences {
  const sentences = deviceStateSentences(report.kind, report.status)
  if (report.status.state !== 'out-of-service' || report.reason === undefined) return sentences
  const name = DEVICE_CLASS_NAMES[report.kind]
  const why = { zh: withoutStop(report.reason['zh-CN']), en: withoutStop(report.reason.en) }
  return {
    ...sentences,
    citizen: text(`${name['zh-CN']}已停用：${why.zh}。`, `The ${withinSentence(name.en)} is out of service: ${why.en}.`),
    staff: text(`工作人员已停用：${why.zh}。`, `Taken out of service by staff: ${why.en}.`),
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[。.]+$/u, '')
}
