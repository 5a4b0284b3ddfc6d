import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/**
 * The closed list of what this product ever writes to its log. An event has a stable id, a level, a meaning for the person
 * who reads it, and named fields; there is no free text, so there is no place for what a citizen said or is.
 * `docs/log-events.md` is generated from here.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/**
 * - `number`: a count, size or duration
 * - `time`: epoch milliseconds
 * - `code`: short ASCII: an id of a device or pack, a state, an error code; never words of a person
 */
export type FieldKind = 'number' | 'boolean' | 'time' | 'code'

interface EventDefinition {
  readonly level: LogLevel
  readonly meaning: LocalText
  readonly fields: Readonly<Record<string, FieldKind>>
}

function event<const F extends Readonly<Record<string, FieldKind>>>(level: LogLevel, zh: string, en: string, fields: F): { readonly level: LogLevel; readonly meaning: LocalText; readonly fields: F } {
  return { level, meaning: text(zh, en), fields }
}

export const LOG_EVENTS = {
  // The process
  'app.starting': event('info', '程序启动。', 'The kiosk process starts.', { version: 'code', terminal: 'code', electron: 'boolean' }),
  'app.ready': event('info', '程序就绪，可以服务。', 'The kiosk process is ready to serve.', { tookMs: 'number' }),
  'app.stopping': event('info', '程序正在退出。', 'The kiosk process is ending.', { code: 'code' }),
  'app.crashed': event('fatal', '程序因缺陷退出。', 'The kiosk process ends because of a bug.', { code: 'code' }),
  'app.browser-sandbox-off': event('warn', '浏览器沙箱被关闭，仅限演示或测试。', 'Chromium runs without its sandbox; for demonstrations and tests only.', { code: 'code' }),
  'app.runtime-refused': event('fatal', '运行环境不符合要求，拒绝启动。', 'The runtime does not meet the requirements; the start is refused.', { code: 'code' }),

  // Configuration and data folder
  'config.loaded': event('info', '已读取终端配置。', 'The configuration of the terminal was read.', { source: 'code', devices: 'number' }),
  'config.refused': event('fatal', '终端配置有误，拒绝启动。', 'The configuration has mistakes; the start is refused.', { problems: 'number', path: 'code' }),
  'data-folder.opened': event('info', '数据目录已打开并收紧权限。', 'The data folder is open with tight permissions.', { tightened: 'boolean', staleLock: 'boolean' }),
  'data-folder.refused': event('fatal', '数据目录不可用，拒绝启动。', 'The data folder cannot be used; the start is refused.', { code: 'code' }),

  // The log itself
  'log.lost': event('error', '有日志行没能写入磁盘。', 'Log lines could not be written to disk.', { lines: 'number', code: 'code' }),
  'log.line-withheld': event('error', '一行日志疑似含个人信息，未写入。', 'A log line looked like personal data and was not written.', {}),
  'log.unknown-event': event('error', '程序写了清单之外的日志事件。', 'The program wrote an event that is not on this list.', { name: 'code' }),

  // The device host and its devices
  'device-host.starting': event('info', '设备进程正在启动。', 'The device host process is being started.', { pid: 'number', failures: 'number' }),
  'device-host.up': event('info', '设备进程已就绪。', 'The device host is up.', { pid: 'number', tookMs: 'number' }),
  'device-host.dying': event('error', '设备进程因缺陷即将退出。', 'The device host ends because of a bug.', { code: 'code' }),
  'device-host.killed': event('error', '设备进程失去响应或违反协议，已终止。', 'The device host hung or broke the protocol and was killed.', { code: 'code', pid: 'number' }),
  'device-host.not-ending': event('error', '设备进程终止后没有退出。', 'The killed device host does not end.', { pid: 'number' }),
  'device-host.gone': event('warn', '设备进程已退出。', 'The device host has ended.', { pid: 'number', exitCode: 'number', signal: 'code', hint: 'code', livedMs: 'number' }),
  'device-host.protocol-fault': event('error', '设备进程发来不合协议的消息。', 'The device host sent a message that breaks the protocol.', { code: 'code' }),
  'device-host.no-answer': event('error', '设备操作超过总时限没有答复。', 'An operation was not answered within its outer limit.', { device: 'code', operation: 'code', why: 'code' }),
  'device.state': event('info', '设备状态变化。', 'A device changed its state.', { device: 'code', class: 'code', state: 'code', code: 'code' }),
  'device.note': event('info', '驱动程序的一条记录。', 'A note of a driver.', { name: 'code', detail: 'code' }),

  // The session: no case numbers, no order numbers that could be matched with a citizen later
  'session.started': event('info', '会话开始。', 'A session began.', { language: 'code', care: 'boolean' }),
  'session.ended': event('info', '会话结束并已清除。', 'A session ended and was wiped.', { end: 'code', matter: 'code', lastedMs: 'number' }),
  'session.wipe-failed': event('fatal', '会话清除失败。', 'The wipe of a session failed.', { step: 'code' }),
  'session.card-read': event('info', '一次读卡结束。', 'A reading of a card ended.', { result: 'code', code: 'code', tookMs: 'number' }),
  'session.scan': event('info', '一次扫描结束。', 'A scan ended.', { result: 'code', code: 'code', bytes: 'number', tookMs: 'number' }),
  'session.not-bound': event('warn', '各页未能合成一个 PDF，改为逐页提交。', 'The pages of a paper could not be bound into one PDF; they go in one by one.', { pages: 'number', code: 'code' }),
  'session.print': event('info', '一次打印结束。', 'A print ended.', { result: 'code', why: 'code', attempt: 'number', tookMs: 'number' }),
  'session.print-pages': event('info', '一次 A4 打印结束。', 'A print on A4 ended.', { result: 'code', why: 'code', pages: 'number', attempt: 'number', tookMs: 'number' }),
  'session.fault': event('error', '会话中出现缺陷，会话已结束。', 'A bug showed within a session; the session was ended.', { step: 'code', code: 'code' }),

  // Document worker
  'document-worker.starting': event('info', '文档进程正在启动。', 'The document worker is being started.', { pid: 'number' }),
  'document-worker.gone': event('warn', '文档进程已退出。', 'The document worker has ended.', { exitCode: 'number', signal: 'code', livedMs: 'number' }),
  'document-worker.engine': event('info', '文字识别引擎已就绪。', 'The text engine is ready.', { engine: 'code', passedOver: 'code' }),
  'document-worker.unfit': event('error', '文字识别引擎无法启动，申请人改为手工填写。', 'The text engine cannot start; citizens type instead.', { code: 'code' }),
  'document-worker.read': event('info', '一页识别结束。', 'The recognition of a page ended.', { result: 'code', code: 'code', tookMs: 'number' }),

  // Catalogue
  'catalogue.refreshed': event('info', '事项包检查完毕。', 'The catalogue was refreshed.', { result: 'code', tookMs: 'number' }),
  'catalogue.refused': event('error', '新的事项包被拒绝，继续使用原有版本。', 'A new matter pack was refused; the last good one stays.', { code: 'code', path: 'code' }),
  'catalogue.activated': event('info', '新的事项包已启用。', 'A new matter pack is active.', { pack: 'code', version: 'code' }),
  'catalogue.offline': event('warn', '连不上事项包仓库，继续使用原有版本。', 'The repository does not answer; the last good pack stays.', { code: 'code' }),

  // Backend and outbox
  'backend.state': event('info', '后台连通状态变化。', 'The backend became reachable or unreachable.', { network: 'code', code: 'code' }),
  'backend.request-failed': event('warn', '一次后台请求失败。', 'A request to the backend failed.', { operation: 'code', status: 'number', code: 'code', tookMs: 'number' }),
  'backend.clock-offset': event('warn', '本机时钟与后台相差过大。', 'The clock of this machine differs too much from the backend’s.', { offsetMs: 'number' }),
  'outbox.opened': event('info', '待发件箱已打开。', 'The outbox is open.', { waiting: 'number', held: 'number', recovered: 'number', sqlite: 'code' }),
  'outbox.refused': event('fatal', '待发件箱的存储设置不符，拒绝启动。', 'The outbox does not have its storage settings; the start is refused.', { code: 'code' }),
  'outbox.kept': event('info', '一件申请已落盘保存。', 'An application was committed to disk.', { waiting: 'number', bytes: 'number' }),
  'outbox.sent': event('info', '一件申请已被后台接收。', 'An application was received by the backend.', { tries: 'number', waiting: 'number' }),
  'outbox.retry': event('warn', '一件申请没有送达，将重试。', 'An application did not get through and will be tried again.', { code: 'code', tries: 'number', waitMs: 'number' }),
  'outbox.held': event('error', '一件申请被后台拒绝，转工作人员处理。', 'An application was refused by the backend and is held for staff.', { code: 'code', held: 'number' }),
  'outbox.declined': event('info', '后台当场退回一件申请，申请人已被告知，本机不再保存。', 'The backend refused an application while its citizen was there and was told; nothing of it is kept.', { code: 'code' }),
  'outbox.fault': event('error', '待发件箱的一步操作失败，将再试；已保存的不受影响。', 'A step of the outbox failed and is tried again; what is kept is safe.', { step: 'code', code: 'code' }),
  'outbox.paused': event('error', '凭证失效，整个队列暂停。', 'The credentials are not accepted; the whole queue is paused.', { code: 'code' }),

  // Staff page, journal and health: staff numbers and our own ids, nothing of citizens
  'staff.opened': event('info', '工作人员登录页已打开。', 'The staff sign-in was opened.', {}),
  'staff.signed-in': event('info', '工作人员已登录。', 'A member of staff signed in.', { staff: 'code', role: 'code' }),
  'staff.signed-out': event('info', '工作人员已退出。', 'A member of staff signed out.', { staff: 'code', code: 'code' }),
  'staff.sign-in-refused': event('warn', '一次登录或二次验证没有通过。', 'A sign-in or second factor was refused.', { code: 'code' }),
  'staff.locked': event('warn', '错误次数过多，暂停登录。', 'After mistakes no sign-in is taken for a while.', { what: 'code', lockMs: 'number' }),
  'staff.act': event('info', '工作人员的一项操作。', 'An act of staff.', { act: 'code', result: 'code' }),
  'staff.accounts-refused': event('error', '工作人员账号文件不能用。', 'The file of staff accounts cannot be used.', { path: 'code', code: 'code' }),
  'staff.fault': event('error', '工作人员页的一步操作失败。', 'A step of the staff page failed.', { step: 'code', code: 'code' }),
  'audit.opened': event('info', '审计日志已打开并核对。', 'The audit journal is open and was verified.', { rows: 'number', whole: 'boolean' }),
  'audit.broken': event('error', '审计日志不完整或被改动。', 'The audit journal is not whole.', { row: 'number', code: 'code' }),
  'audit.fault': event('error', '审计日志写不进去。', 'The audit journal could not be written.', { code: 'code' }),
  'health.fault': event('error', '设备计数写不进去。', 'The counts of devices could not be written.', { step: 'code', code: 'code' }),
  'self-test.ended': event('info', '自检结束。', 'A self-test ended.', { about: 'code', passed: 'boolean', steps: 'number', tookMs: 'number' }),
  'training.ended': event('info', '一次试读结束。', 'A try of reading a paper ended.', { code: 'code', paper: 'code', fields: 'number', sure: 'number', tookMs: 'number' }),
  'bundle.made': event('info', '诊断包已生成。', 'A diagnostic bundle was made.', { bytes: 'number', tookMs: 'number' }),
  'bundle.failed': event('error', '诊断包没有做成。', 'A diagnostic bundle could not be made.', { code: 'code' }),
  'terminal.closed': event('info', '终端开始或停止对外服务。', 'The terminal opened or closed for citizens.', { closed: 'boolean', code: 'code' }),

  // Page host, shell and screen
  'page-host.listening': event('info', '本机页面服务已启动。', 'The page host is listening.', { port: 'number' }),
  'page-host.refused': event('warn', '拒绝了一个连接。', 'A connection was refused.', { code: 'code' }),
  'page-host.call-refused': event('warn', '界面发来的请求不合约定。', 'A call of the screen broke the contract.', { operation: 'code', path: 'code' }),
  'screen.connected': event('info', '界面已连接。', 'The screen is connected.', { resumed: 'boolean' }),
  'screen.gone': event('warn', '界面断开或崩溃。', 'The screen went away or crashed.', { code: 'code' }),
  'screen.unresponsive': event('warn', '界面失去响应。', 'The screen does not respond.', { code: 'code' }),
  'screen.restarted': event('warn', '界面已重新启动。', 'The screen was restarted.', { how: 'code', times: 'number' }),
  'shell.denied': event('warn', '外壳拒绝了一个越界的动作。', 'The shell denied something that is not permitted.', { what: 'code' }),
  'shell.process-gone': event('error', '一个浏览器子进程退出。', 'A process of the browser ended.', { kind: 'code', code: 'code', exitCode: 'number' }),
  'shell.graphics-off': event('warn', '图形进程多次崩溃，暂以软件绘图运行。', 'After crashes of the graphics process the shell runs without hardware graphics for a while.', { untilMs: 'time' }),
  'shell.key-store': event('info', '本终端密钥的存放方式。', 'How this terminal keeps its keys.', { kind: 'code' }),
  'shell.watchdog': event('info', '看门狗状态变化。', 'The heartbeat towards the supervisor changed.', { state: 'code' }),
} as const satisfies Readonly<Record<string, EventDefinition>>

export type LogEventId = keyof typeof LOG_EVENTS

type ValueOf<K extends FieldKind> = K extends 'number' | 'time' ? number : K extends 'boolean' ? boolean : string

/** Every field is optional: an event is worth more without one than not at all. */
export type LogFields<E extends LogEventId> = { readonly [F in keyof (typeof LOG_EVENTS)[E]['fields']]?: (typeof LOG_EVENTS)[E]['fields'][F] extends FieldKind ? ValueOf<(typeof LOG_EVENTS)[E]['fields'][F]> : never }

/** How every service writes to the log. */
export type Log = <E extends LogEventId>(event: E, fields: LogFields<E>) => void

export function isLogEvent(name: string): name is LogEventId {
  return Object.hasOwn(LOG_EVENTS, name)
}

/** The list as a document for people who read logs. */
export function logEventsDocument(): string {
  const rows = Object.entries<EventDefinition>(LOG_EVENTS).map(([id, { level, meaning, fields }]) => {
    const names = Object.entries(fields).map(([name, kind]) => `\`${name}\` ${kind}`)
    return `| \`${id}\` | ${level} | ${meaning.en} | ${meaning['zh-CN']} | ${names.join(', ')} |`
  })
  return [
    '<!-- Generated from core/log/events.ts by `npm run generate`. Do not edit. -->',
    '# Log events',
    '',
    'The log of a terminal is one JSON object per line in `<data folder>/log/`, one or more files per day, kept for 14 days and',
    'at most 200 MB. Each line has `time`, `level`, `event`, the fields of that event, `repeated` (how many equal lines were',
    'folded into this one) and `scrubbed` (how many fields were withheld because they could have named a person).',
    '',
    'Fields are numbers, booleans, times (epoch milliseconds) and short codes. There is no free text.',
    '',
    '| Event | Level | Meaning | 含义 | Fields |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
