import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { OutOfServiceReason, StaffActKind } from './act.ts'
import type { ServiceHours } from './hours.ts'

/** What citizens read on a terminal that staff took out of service, and why a device is: words that stand behind a colon. */
export const OUT_OF_SERVICE_SENTENCES: Record<OutOfServiceReason, { readonly device: LocalText; readonly terminal: LocalText }> = {
  maintenance: { device: text('正在维护', 'under maintenance'), terminal: text('本机正在维护，请换一台机器，或到人工窗口办理。', 'This machine is under maintenance. Please use another one, or go to the counter.') },
  'repair-called': { device: text('已报修', 'a repair has been called'), terminal: text('本机已报修，请换一台机器，或到人工窗口办理。', 'A repair has been called for this machine. Please use another one, or go to the counter.') },
  consumables: { device: text('等待补充耗材', 'waiting for supplies'), terminal: text('本机等待补充耗材，请换一台机器，或到人工窗口办理。', 'This machine is waiting for supplies. Please use another one, or go to the counter.') },
  cleaning: { device: text('正在清洁', 'being cleaned'), terminal: text('本机正在清洁，请稍候，或换一台机器。', 'This machine is being cleaned. Please wait a moment, or use another one.') },
  moved: { device: text('正在移动', 'being moved'), terminal: text('本机正在移动，请换一台机器，或到人工窗口办理。', 'This machine is being moved. Please use another one, or go to the counter.') },
  'hall-closed': { device: text('大厅已关闭', 'the hall is closed'), terminal: text('大厅已关闭，本机暂停服务。', 'The hall is closed and this machine is out of service.') },
}

/** Outside of the service hours the idle screen says this. */
export function closedSentence(hours: Exclude<ServiceHours, '24h'>): LocalText {
  return text(`现在不在服务时间内。本机服务时间：${hours.open}–${hours.close}。`, `This machine serves from ${hours.open} to ${hours.close}.`)
}

/** What an act is called in the journal. */
export const STAFF_ACT_NAMES: Record<StaffActKind, LocalText> = {
  open: text('打开登录页', 'Sign-in opened'),
  close: text('退出', 'Signed out'),
  'sign-in': text('登录', 'Sign-in'),
  'give-code': text('动态口令验证', 'Second factor by code'),
  'give-card': text('工作人员卡验证', 'Second factor by card'),
  'cancel-act': text('取消操作', 'Act given up'),
  show: text('查看页面', 'Page shown'),
  test: text('开始自检', 'Self-test begun'),
  'test-answer': text('自检答复', 'Answer within a self-test'),
  'test-stop': text('停止自检', 'Self-test stopped'),
  'try-paper': text('试读材料', 'Paper tried'),
  'try-stop': text('结束试读', 'Try of a paper ended'),
  'print-report': text('打印自检报告', 'Readiness report printed'),
  'paper-changed': text('换纸登记', 'Change of paper'),
  'device-out': text('设备停用', 'Device taken out of service'),
  'device-back': text('设备恢复', 'Device back in service'),
  'terminal-out': text('终端停用', 'Terminal taken out of service'),
  'terminal-back': text('终端恢复', 'Terminal back in service'),
  retry: text('重新发送', 'Sent again'),
  reprint: text('补打回执', 'Receipt let be printed again'),
  hours: text('修改服务时间', 'Service hours changed'),
  bundle: text('导出诊断包', 'Diagnostic bundle made'),
  restart: text('重启', 'Restart'),
}

const RESULT_WORDS = { done: text('完成', 'done'), refused: text('被拒绝', 'refused'), failed: text('失败', 'failed') } as const

/** Words of the journal that are not a device's id, a step's or a number. */
const ABOUT_WORDS: Readonly<Record<string, LocalText>> = {
  devices: text('设备', 'devices'), queue: text('待发件', 'queue'), machine: text('本机', 'machine'), training: text('试读', 'training'), journal: text('操作记录', 'journal'),
  all: text('全部', 'all'), yes: text('是', 'yes'), no: text('否', 'no'), kiosk: text('终端程序', 'kiosk'), 'device-host': text('设备进程', 'device host'),
  '24h': text('全天', 'all day'), clerk: text('值守员', 'clerk'), technician: text('技术员', 'technician'),
  asked: text('本人退出', 'asked'), timeout: text('无人操作', 'nobody touched the screen'), 'page-gone': text('页面断开', 'the page went away'), stop: text('程序停止', 'the program ended'),
  maintenance: text('维护', 'maintenance'), 'repair-called': text('已报修', 'repair called'), consumables: text('等待耗材', 'waiting for supplies'), cleaning: text('清洁', 'cleaning'), moved: text('移动', 'being moved'), 'hall-closed': text('大厅关闭', 'hall closed'),
  'not-now': text('当时不可用', 'not at that moment'), invalid: text('不适用', 'not applicable'), accounts: text('账号文件不能用', 'accounts file unusable'),
  locked: text('已锁定', 'locked'), 'wrong-pin': text('密码不对', 'wrong PIN'), 'wrong-code': text('口令不对', 'wrong code'), 'code-used': text('口令已用过', 'code used before'), 'wrong-card': text('卡不符', 'another card'), 'card-not-read': text('没有读到卡', 'no card read'),
  any: text('任何材料', 'any paper'), read: text('已识别', 'read'), cancelled: text('已取消', 'cancelled'), 'no-page': text('没有找到纸张', 'no paper found'), 'blank-page': text('没有文字', 'no text'), 'other-document': text('不是所选材料', 'another paper'), 'picture-unreadable': text('图片不完整', 'picture not complete'), 'too-slow': text('超时', 'too slow'), 'reader-failed': text('识别进程出错', 'reader failed'),
  'file-gone': text('文件不在', 'file gone'), 'file-link': text('文件是链接', 'a link'), 'file-too-large': text('文件太大', 'file too large'), 'file-no-picture': text('不是图片', 'no picture'),
  'not-your-role': text('角色不允许', 'not for this role'), 'no-second-factor': text('没有第二验证', 'no second factor'), 'nothing-to-do': text('没有可处理的', 'nothing to do'),
}

/** One line of the journal in words; ids of devices and steps, numbers and times stay as they are. */
export function journalSentence(row: { readonly act: string; readonly about: string; readonly result: 'done' | 'refused' | 'failed' }): LocalText {
  const name = Object.hasOwn(STAFF_ACT_NAMES, row.act) ? STAFF_ACT_NAMES[row.act as StaffActKind] : text(row.act, row.act)
  const words = (of: (word: string) => string): string => row.about.split(' ').map(of).join(' ')
  const known = (word: string): LocalText | undefined => (Object.hasOwn(ABOUT_WORDS, word) ? ABOUT_WORDS[word] : Object.hasOwn(STAFF_ACT_NAMES, word) ? STAFF_ACT_NAMES[word as StaffActKind] : undefined)
  const about = row.about === '' ? undefined : text(words((word) => known(word)?.['zh-CN'] ?? word), words((word) => known(word)?.en ?? word))
  const result = RESULT_WORDS[row.result]
  return about === undefined ? text(`${name['zh-CN']}：${result['zh-CN']}`, `${name.en}: ${result.en}`) : text(`${name['zh-CN']}（${about['zh-CN']}）：${result['zh-CN']}`, `${name.en} (${about.en}): ${result.en}`)
}

/** Why an act was not taken, or what it came to. */
export const STAFF_PROBLEMS = {
  'wrong-pin': text('工号或密码不对。', 'Number or PIN is wrong.'),
  locked: text('错误次数过多，请等到提示的时间再试。', 'Too many mistakes. Try again at the time shown.'),
  'wrong-code': text('口令不对或已过期，请输入当前的口令。', 'The code is wrong or old. Type the present one.'),
  'code-used': text('这个口令已经用过，请等下一个。', 'This code was used already. Wait for the next one.'),
  'wrong-card': text('这不是您登记的工作人员卡。', 'This is not the card that stands with your account.'),
  'card-not-read': text('没有读到卡，请重试或改用动态口令。', 'No card was read. Try again, or use a code.'),
  'no-second-factor': text('您的账号没有登记动态口令或工作人员卡，不能做这项操作。', 'Your account has no authenticator and no card; this act cannot be done with it.'),
  'not-your-role': text('这项操作只有技术员可以做。', 'Only a technician may do this.'),
  'no-accounts': text('本终端没有配置工作人员账号。', 'No staff accounts are configured on this terminal.'),
  'pin-check-failed': text('暂时不能核对密码，请稍后再试。', 'The PIN cannot be checked now. Try again in a moment.'),
  'journal-fault': text('审计日志写不进去，操作没有执行。请检查磁盘。', 'The audit journal cannot be written, so nothing was done. Check the disk.'),
  'not-stored': text('没有存上，操作没有生效。请检查磁盘。', 'It could not be stored and is not in effect. Check the disk.'),
  'nothing-to-do': text('没有可处理的内容。', 'There is nothing to do.'),
  'no-recipient': text('配置里没有诊断包的收件公钥（staff.bundleRecipient），不能导出。', 'The configuration names no recipient for bundles (staff.bundleRecipient); none can be made.'),
  'bundle-failed': text('诊断包没有做成，请检查磁盘空间。', 'The bundle could not be made. Check the disk.'),
  'print-failed': text('没有打印出来，请看打印机的状态。', 'It was not printed. Look at the printer’s state.'),
  'no-report': text('还没有自检结果，请先做自检。', 'There is no result yet. Run a self-test first.'),
  'no-printer': text('本机没有回执打印机。', 'This terminal has no receipt printer.'),
  'act-failed': text('操作没有成功，请稍后再试。', 'It did not work. Try again in a moment.'),
} as const satisfies Readonly<Record<string, LocalText>>
export type StaffProblem = keyof typeof STAFF_PROBLEMS

/** What the desk says after an act that took effect. Acts whose effect is seen at once need no words. */
export const STAFF_NOTICES = {
  'paper-changed': text('已登记，计数从新开始。', 'Noted. The counter begins again.'),
  'device-out': text('设备已停用，群众会看到原因。', 'The device is out of service; citizens see why.'),
  'device-back': text('设备已恢复使用。', 'The device is back in service.'),
  'terminal-out': text('终端已停用，退出后群众会看到原因。', 'The terminal is out of service. Citizens see why once you have signed out.'),
  'terminal-back': text('终端已恢复使用。', 'The terminal is back in service.'),
  'retry-all': text('已开始重新发送。', 'Sending has begun again.'),
  'retry-one': text('这件申请已重新排入发送。', 'The application will be sent again.'),
  reprint: text('已补打，纸上注明是第几次打印。', 'Printed once more; the paper says which print it is.'),
  hours: text('服务时间已修改。', 'The service hours are changed.'),
  bundle: text('正在生成诊断包。', 'The bundle is being made.'),
  'bundle-ready': text('诊断包已生成并加密。', 'The bundle is made and encrypted.'),
  'print-report': text('自检报告已打印。', 'The report is printed.'),
  'restart-device-host': text('设备进程正在重启。', 'The device host is being restarted.'),
  'restart-kiosk': text('终端程序正在重启。', 'The kiosk is being restarted.'),
} as const satisfies Readonly<Record<string, LocalText>>
export type StaffNotice = keyof typeof STAFF_NOTICES

/** Labels of the counters of a device. */
export const COUNTER_LABELS = {
  reads: text('读卡次数', 'Cards read'),
  receipts: text('回执张数', 'Receipts'),
  metres: text('走纸米数', 'Metres of paper'),
  cuts: text('切纸次数', 'Cuts'),
  pages: text('打印页数', 'Pages'),
  scans: text('扫描页数', 'Pages scanned'),
  codes: text('扫码次数', 'Codes read'),
} as const satisfies Readonly<Record<string, LocalText>>
export type CounterId = keyof typeof COUNTER_LABELS
