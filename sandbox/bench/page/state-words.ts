import type { LocalText } from '../../../core/text/local-text.ts'
import type { States } from './things.ts'
import { words } from './words.ts'

/** What a thing is doing, in words; the tone colours a lamp and is never the only sign. */
export interface Told {
  readonly tone: 'well' | 'busy' | 'broken'
  readonly sentence: LocalText
}

const told = (tone: Told['tone'], zh: string, en: string): Told => ({ tone, sentence: words(zh, en) })

export function cardReaderTold(state: States['card-reader']): Told {
  if (!state.plugged) return told('broken', '数据线拔掉了。', 'The cable is out.')
  if (!state.connected) return told('busy', '通了电，终端还没有连上来。', 'On; the terminal has not connected.')
  if (state.faults.samFault !== 'none') return told('broken', `安全模块有故障（状态字 ${state.faults.samFault}）。`, `The security module is faulty (status ${state.faults.samFault}).`)
  if (state.faults.silence) return told('broken', '终端在问，它不回答。', 'The terminal asks; it does not answer.')
  if (state.card === null) return told('well', '连着终端，上面没有证件。', 'Connected to the terminal, no card on it.')
  switch (state.stage) {
    case 'found':
    case 'selected':
      return told('busy', '找到证件，正在读。', 'Card found, being read.')
    case 'read':
      return told('well', '证件读完了，可以拿走。', 'The card has been read and may be lifted.')
    default:
      return told('well', '证件放好了，等终端来读。', 'A card lies on it, not read yet.')
  }
}

export function scannerTold(state: States['scanner']): Told {
  if (state.faults.includes('unplugged')) return told('broken', '网线拔掉了。', 'The cable is out.')
  if (state.faults.includes('cover-open')) return told('broken', '盖子开着，不能扫描。', 'The cover is open; it cannot scan.')
  if (state.jammed) return told('broken', '进纸器里卡了一张纸。', 'A sheet is caught in the feeder.')
  if (state.faults.includes('busy')) return told('broken', '正忙，终端要等。', 'Busy; the terminal has to wait.')
  if (state.activity === 'scanning') return told('busy', '正在扫描。', 'Scanning.')
  if (state.onGlass !== null) return told('well', '玻璃上有一张纸，等终端来扫。', 'A paper lies on the glass, to be scanned.')
  if (state.inFeeder.length > 0) return told('well', `进纸器里有 ${state.inFeeder.length} 张纸。`, `${state.inFeeder.length} in the feeder.`)
  return told('well', '空着，可以放纸。', 'Empty; papers may be laid.')
}

export function printerTold(state: States['receipt-printer']): Told {
  if (!state.plugged) return told('broken', '电源拔掉了。', 'The power is out.')
  if (state.cover === 'open') return told('broken', '上盖开着，不能打印。', 'The cover is open; it cannot print.')
  if (state.paper === 'out') return told('broken', state.bufferedBytes > 0 ? '纸用完了，还有内容没打完。' : '纸用完了。', state.bufferedBytes > 0 ? 'Out of paper, with something still to print.' : 'Out of paper.')
  if (state.cutter === 'jammed') return told('broken', '切刀卡住了。', 'The cutter is stuck.')
  if (state.jammed) return told('broken', '卡纸了。', 'Paper is caught.')
  if (state.hot) return told('broken', '打印头过热，等它凉下来。', 'The print head is too hot and must cool.')
  if (state.printing) return told('busy', '正在打印。', 'Printing.')
  if (state.ticketAtOutput) return told('well', '出纸口托着一张回执，等人取走；不取，终端会让它收回或放下。', 'A receipt is held out to be taken; if nobody does, the terminal has it drawn back or let go.')
  const hanging = state.receipts.filter(isHanging).length
  if (hanging > 0) return told('well', hanging === 1 ? '有一张回执等着撕下。' : `有 ${hanging} 张回执等着撕下。`, hanging === 1 ? 'A receipt is waiting to be torn off.' : `${hanging} receipts are waiting to be torn off.`)
  if (state.paper === 'near-end') return told('busy', '可以打印，纸快用完了。', 'Ready; the paper is nearly out.')
  return told('well', '可以打印。', 'Ready.')
}

/** Still to be taken; what a presenter has drawn back no longer is. */
export function isHanging({ taken, where }: States['receipt-printer']['receipts'][number]): boolean {
  return !taken && where !== 'bin'
}

export function pagePrinterTold(state: States['page-printer']): Told {
  if (!state.cable.plugged) return told('broken', '网线拔掉了。', 'The cable is out.')
  if (state.faults.includes('cover-open')) return told('broken', '前盖开着，不能打印。', 'The cover is open; it cannot print.')
  if (state.faults.includes('jam')) return told('broken', '卡纸了。', 'A sheet is caught.')
  if (state.faults.includes('toner-empty')) return told('broken', '没有碳粉了。', 'The toner is empty.')
  if (state.sheets === 0) return told('broken', '纸盒空了。', 'The tray is empty.')
  if (state.jobs.some((job) => job.state === 'processing')) return told('busy', '正在打印。', 'Printing.')
  if (state.inOutput > 0) return told('well', `出纸托盘里有 ${state.inOutput} 张。`, `${state.inOutput} in the output tray.`)
  return told('well', '可以打印。', 'Ready.')
}

export function codeScannerTold(state: States['code-scanner']): Told {
  if (!state.cable.plugged) return told('broken', '数据线拔掉了。', 'The cable is out.')
  if (!state.connected) return told('busy', '通了电，终端还没有连上来。', 'On; the terminal has not connected.')
  if (state.cable.silent) return told('broken', '扫得到码，线上听不到。', 'It sees codes; nothing arrives.')
  return told('well', state.shown === 0 ? '等着看码。' : `已经扫过 ${state.shown} 个码。`, state.shown === 0 ? 'Waiting for a code.' : `${state.shown} ${state.shown === 1 ? 'code' : 'codes'} so far.`)
}

export function networkTold(backend: States['backend'], repository: States['repository']): Told {
  if (!backend.running) return told('broken', '受理平台没有运行。', 'The one-window platform is not running.')
  if (backend.faults.offline) return repository.fault === 'offline' ? told('broken', '网络断了，终端在离线工作。', 'The network is cut; the terminal works offline.') : told('broken', '受理平台连不上，其他网络通着。', 'The platform is out of reach; the rest of the network works.')
  if (backend.faults.fail5xx === 'on' || backend.faults.fail5xx > 0) return told('broken', '通着，但平台在报错。', 'Joined, but the platform answers with errors.')
  if (backend.faults.dropAfterCommit > 0) return told('broken', '通着，下一次提交的答复会丢。', 'Joined; the answer to the next submission will be lost.')
  if (repository.fault !== 'none') return told('broken', '平台正常，事项包仓库有故障。', 'The platform is well; the pack repository is not.')
  if (backend.faults.slowMs > 0) return told('busy', `通着，每个回答慢 ${backend.faults.slowMs / 1000} 秒。`, `Joined; every answer is ${backend.faults.slowMs / 1000} s late.`)
  return told('well', '网络通着，平台正常。', 'Joined; the platform is well.')
}

export const CASE_STATES = {
  received: words('已收件', 'Received'),
  accepted: words('已受理', 'Accepted'),
  'correction-needed': words('需补正', 'Correction needed'),
  'in-progress': words('办理中', 'In progress'),
  'special-procedure': words('特别程序', 'Special procedure'),
  done: words('已办结', 'Done'),
  refused: words('不予受理', 'Refused'),
  withdrawn: words('已撤回', 'Withdrawn'),
} as const satisfies Record<States['backend']['cases'][number]['state'], LocalText>

export const RECEIPT_ENDS: Readonly<Record<States['receipt-printer']['receipts'][number]['end'], LocalText>> = {
  hanging: words('还连在打印机上', 'still in the printer'),
  cut: words('切好', 'cut'),
  torn: words('扯断的', 'torn'),
  'paper-end': words('没打完，纸用完了', 'cut short: out of paper'),
}

/** Where a receipt is, as far as that says more than its end does. */
export const RECEIPT_PLACES: Readonly<Partial<Record<States['receipt-printer']['receipts'][number]['where'], LocalText>>> = {
  output: words('托在出纸口', 'held out'),
  bin: words('已收回机内', 'drawn back'),
}

/** `周桂兰，退休职工` as a name and the rest, in either language: a card has little room. */
export function nameAndRest(label: string): { readonly name: string; readonly rest: string } {
  const comma = /^(.*?)(?:，|, )(.*)$/.exec(label) ?? /^(.*?) ?[（(](.*)[）)]$/.exec(label)
  return { name: comma?.[1] ?? label, rest: comma?.[2] ?? '' }
}
