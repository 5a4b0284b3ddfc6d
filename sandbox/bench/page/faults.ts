import type { LocalText } from '../../../core/text/local-text.ts'
import { cableFaultsOn } from './cable-faults.ts'
import type { CabledThing, Commands, Order, States, ThingName } from './things.ts'
import { words } from './words.ts'

/** Something that can be broken on a thing, and mended again. */
export interface Fault<Name extends ThingName> {
  readonly id: string
  readonly label: LocalText
  /** What happens then, in one line. */
  readonly hint: LocalText
  /** It is one of the cable's: clearing the cable mends it as well. */
  readonly onCable?: true
  readonly isOn: (state: States[Name]) => boolean
  readonly breaking: Commands[Name]
  readonly mending: Commands[Name]
}

export const CARD_READER_FAULTS: readonly Fault<'card-reader'>[] = [
  {
    id: 'unplug', label: words('拔掉数据线', 'Cable pulled out'), hint: words('终端连不上读卡器。', 'The terminal cannot reach the reader.'),
    isOn: ({ plugged }) => !plugged, breaking: { kind: 'unplug' }, mending: { kind: 'plug' },
  },
  {
    id: 'silence', onCable: true, label: words('不回答', 'Says nothing'), hint: words('听得到命令，什么也不回。', 'Hears every command and answers none.'),
    isOn: ({ faults }) => faults.silence, breaking: { kind: 'silence', on: true }, mending: { kind: 'silence', on: false },
  },
  {
    id: 'pull-mid-read', label: words('读到一半拿走证件', 'Card leaves mid-read'), hint: words('下一次读卡时，证件在第 600 字节处离开。', 'At the next read the card leaves after 600 bytes.'),
    isOn: ({ faults }) => faults.pullAfterBytes !== null, breaking: { kind: 'pull-mid-read', afterBytes: 600 }, mending: { kind: 'pull-mid-read', afterBytes: null },
  },
  {
    id: 'late-reply', label: words('读卡结果来迟', 'Late read'), hint: words('下一次读卡晚 8 秒才回答。', 'The next read is answered 8 s late.'),
    isOn: ({ faults }) => faults.lateReplyMs > 0, breaking: { kind: 'late-reply', ms: 8000 }, mending: { kind: 'late-reply', ms: 0 },
  },
  {
    id: 'delay', onCable: true, label: words('每次回答都慢', 'Slow answers'), hint: words('每个回答晚 1.5 秒。', 'Every answer is 1.5 s late.'),
    isOn: ({ faults }) => faults.delayMs > 0, breaking: { kind: 'delay', ms: 1500 }, mending: { kind: 'delay', ms: 0 },
  },
  {
    id: 'noise', label: words('线上有杂波', 'Noise on the line'), hint: words('每个回答前后都有杂散字节。', 'Stray bytes around every answer.'),
    isOn: ({ faults }) => faults.noise, breaking: { kind: 'noise', on: true }, mending: { kind: 'noise', on: false },
  },
  {
    id: 'split', onCable: true, label: words('字节零散到达', 'Bytes one by one'), hint: words('一个字节一个字节地来。', 'Every byte comes by itself.'),
    isOn: ({ faults }) => faults.split, breaking: { kind: 'split', on: true, gapMs: 1 }, mending: { kind: 'split', on: false, gapMs: 1 },
  },
  {
    id: 'xor-error', label: words('校验字节出错', 'Wrong check bytes'), hint: words('后面 3 个回答的校验不对。', 'The next 3 answers fail their check.'),
    isOn: ({ faults }) => faults.xorErrors > 0, breaking: { kind: 'xor-error', frames: 3 }, mending: { kind: 'xor-error', frames: 0 },
  },
  {
    id: 'sam-fault', label: words('安全模块自检失败', 'Security module failed'), hint: words('状态字 60：任何证件都读不了。', 'Status 60: no card can be read.'),
    isOn: ({ faults }) => faults.samFault !== 'none', breaking: { kind: 'sam-fault', status: '60' }, mending: { kind: 'sam-fault', status: 'none' },
  },
]

function scannerFault(fault: States['scanner']['faults'][number], label: LocalText, hint: LocalText): Fault<'scanner'> {
  return {
    id: fault, label, hint,
    isOn: (state) => state.faults.includes(fault) || (fault === 'jam' && state.jammed),
    breaking: { kind: 'break', fault }, mending: { kind: 'mend', fault },
  }
}

export const SCANNER_FAULTS: readonly Fault<'scanner'>[] = [
  scannerFault('unplugged', words('拔掉网线', 'Cable pulled out'), words('终端连不上扫描仪。', 'The terminal cannot reach the scanner.')),
  scannerFault('cover-open', words('盖子开着', 'Cover open'), words('扫描仪停下，等盖子合上。', 'The scanner stops until it is closed.')),
  scannerFault('jam', words('进纸器卡纸', 'Feeder jams'), words('下一张纸卡住，出不来。', 'The next sheet is caught.')),
  scannerFault('busy', words('正忙', 'Busy'), words('别的电脑正在用它。', 'Some other computer is using it.')),
  scannerFault('not-yet', words('还没准备好', 'Not ready yet'), words('后面 3 次要图都说“再等等”。', 'Says “later” to the next 3 requests.')),
  scannerFault('slow', words('传得很慢', 'Slow picture'), words('图像一点一点地来。', 'The picture comes in small pieces.')),
  scannerFault('truncated', words('图像不完整', 'Broken picture'), words('图像的结尾丢了。', 'The end of the picture is missing.')),
  scannerFault('no-data', words('有回答，没有图', 'Answer without picture'), words('说好了，却没有内容。', 'Says all is well and sends nothing.')),
]

export const PRINTER_FAULTS: readonly Fault<'receipt-printer'>[] = [
  {
    id: 'unplug', label: words('拔掉电源', 'Power pulled out'), hint: words('没打出来的内容全部丢失。', 'What was not printed is lost.'),
    isOn: ({ plugged }) => !plugged, breaking: { kind: 'unplug' }, mending: { kind: 'plug' },
  },
  {
    id: 'open-cover', label: words('上盖开着', 'Cover open'), hint: words('打印停下，合上后接着打。', 'Stops, and goes on when closed.'),
    isOn: ({ cover }) => cover === 'open', breaking: { kind: 'open-cover' }, mending: { kind: 'close-cover' },
  },
  {
    id: 'paper-out', label: words('没有纸', 'No paper'), hint: words('装纸以后接着打。', 'Goes on when paper is loaded.'),
    isOn: ({ paper }) => paper === 'out', breaking: { kind: 'paper-out' }, mending: { kind: 'load-paper', lengthMm: 50_000 },
  },
  {
    id: 'near-end', label: words('纸快用完', 'Paper nearly out'), hint: words('传感器报告纸将尽。', 'The sensor reports the end of the roll.'),
    isOn: ({ paper }) => paper === 'near-end', breaking: { kind: 'near-end', on: true }, mending: { kind: 'load-paper', lengthMm: 50_000 },
  },
  {
    id: 'paper-out-after', label: words('打到一半没纸', 'Paper ends mid-receipt'), hint: words('再打 8 行，纸就用完。', 'The roll ends after 8 more lines.'),
    isOn: ({ linesUntilPaperOut }) => linesUntilPaperOut !== null, breaking: { kind: 'paper-out-after', lines: 8 }, mending: { kind: 'load-paper', lengthMm: 50_000 },
  },
  {
    id: 'cutter-jam', label: words('切刀卡住', 'Cutter jams'), hint: words('下一次切纸时卡住。', 'Sticks at the next cut.'),
    isOn: ({ cutter }) => cutter !== 'ok', breaking: { kind: 'cutter-jam', on: true }, mending: { kind: 'cutter-jam', on: false },
  },
  {
    id: 'jam', label: words('卡纸', 'Paper jam'), hint: words('纸卡在通道里，取出后接着打。', 'Paper sticks in its way; goes on when freed.'),
    isOn: ({ jammed }) => jammed, breaking: { kind: 'jam', on: true }, mending: { kind: 'jam', on: false },
  },
  {
    id: 'hot-head', label: words('打印头过热', 'Print head too hot'), hint: words('凉下来以后接着打。', 'Goes on when it has cooled.'),
    isOn: ({ hot }) => hot, breaking: { kind: 'hot-head', on: true }, mending: { kind: 'hot-head', on: false },
  },
  {
    id: 'silence', label: words('照打，但不回答', 'Prints, says nothing'), hint: words('终端无法知道打没打出来。', 'The terminal cannot know what was printed.'),
    isOn: ({ silent }) => silent, breaking: { kind: 'silence', on: true, printing: 'goes-on' }, mending: { kind: 'silence', on: false, printing: 'goes-on' },
  },
  {
    id: 'delay', label: words('回答得慢', 'Slow answers'), hint: words('每个回答晚 3 秒。', 'Every answer is 3 s late.'),
    isOn: ({ answerDelayMs }) => answerDelayMs > 0, breaking: { kind: 'delay', ms: 3000 }, mending: { kind: 'delay', ms: 0 },
  },
  {
    id: 'wrong-process-id', label: words('打印编号答错', 'Wrong print numbers'), hint: words('和某些仿制机型一样，总答“1234”。', 'Always answers “1234”, as some clones do.'),
    isOn: ({ answersWrongProcessId }) => answersWrongProcessId, breaking: { kind: 'wrong-process-id', on: true }, mending: { kind: 'wrong-process-id', on: false },
  },
]

function pagePrinterFault(fault: States['page-printer']['faults'][number], label: LocalText, hint: LocalText): Fault<'page-printer'> {
  return { id: fault, label, hint, isOn: (state) => state.faults.includes(fault), breaking: { kind: 'break', fault }, mending: { kind: 'mend', fault } }
}

export const PAGE_PRINTER_FAULTS: readonly Fault<'page-printer'>[] = [
  {
    id: 'unplug', label: words('拔掉网线', 'Cable pulled out'), hint: words('终端连不上打印机；正在打的接着打。', 'The terminal cannot reach it; a job under way goes on.'),
    isOn: ({ cable }) => !cable.plugged, breaking: { kind: 'cable', plugged: false }, mending: { kind: 'cable', plugged: true },
  },
  {
    id: 'no-paper', label: words('纸盒空了', 'Tray empty'), hint: words('装纸以后接着打。', 'Goes on when paper is loaded.'),
    isOn: ({ sheets }) => sheets === 0, breaking: { kind: 'load', sheets: 0 }, mending: { kind: 'load', sheets: 250 },
  },
  pagePrinterFault('jam', words('卡纸', 'Jam'), words('下一张纸卡住。', 'The next sheet is caught.')),
  pagePrinterFault('cover-open', words('前盖开着', 'Cover open'), words('打印停下，合上后接着打。', 'Stops, and goes on when closed.')),
  pagePrinterFault('toner-empty', words('没有碳粉', 'Toner empty'), words('换碳粉盒以后才能打。', 'Prints again after a new cartridge.')),
  pagePrinterFault('answer-lost', words('收了任务，答复丢失', 'Job taken, answer lost'), words('终端要先问清楚，不会重发。', 'The terminal asks before anything else, and never resends.')),
  pagePrinterFault('aborts', words('打到一半放弃', 'Gives up halfway'), words('出一页以后自己取消任务。', 'Cancels the job after its first page.')),
  pagePrinterFault('counts-wrong', words('少报一页', 'Counts one page too few'), words('打印机的计数和出的纸不一致。', 'Its count and the paper differ.')),
]

export const CODE_SCANNER_FAULTS: readonly Fault<'code-scanner'>[] = [
  {
    id: 'unplug', label: words('拔掉数据线', 'Cable pulled out'), hint: words('终端连不上扫码器。', 'The terminal cannot reach it.'),
    isOn: ({ cable }) => !cable.plugged, breaking: { kind: 'cable', plugged: false }, mending: { kind: 'cable', plugged: true },
  },
  {
    id: 'silent', onCable: true, label: words('什么也不说', 'Says nothing'), hint: words('扫到了，终端听不到。', 'It sees the code; the terminal hears nothing.'),
    isOn: ({ cable }) => cable.silent, breaking: { kind: 'cable', silent: true }, mending: { kind: 'cable', silent: false },
  },
  {
    id: 'split', onCable: true, label: words('字节零散到达', 'Bytes one by one'), hint: words('一个字节一个字节地来。', 'Every byte comes by itself.'),
    isOn: ({ cable }) => cable.split !== null, breaking: { kind: 'cable', split: { pieceBytes: 1, gapMs: 5 } }, mending: { kind: 'cable', split: null },
  },
  {
    id: 'repeat', onCable: true, label: words('说两遍', 'Says it twice'), hint: words('后面 3 个码各来两次，只算一次。', 'The next 3 codes come twice, and count once.'),
    isOn: ({ cable }) => cable.repeatNext > 0, breaking: { kind: 'cable', repeatNext: 3 }, mending: { kind: 'cable', repeatNext: 0 },
  },
]

export const BACKEND_FAULTS: readonly Fault<'backend'>[] = [
  {
    id: 'offline', label: words('平台连不上', 'Platform unreachable'), hint: words('所有连接立即断开。', 'Every connection is cut at once.'),
    isOn: ({ faults }) => faults.offline, breaking: { kind: 'offline', on: true }, mending: { kind: 'offline', on: false },
  },
  {
    id: 'drop-after-commit', label: words('收了件，答复丢失', 'Case kept, answer lost'), hint: words('下一次提交：办件已存在，终端却收不到回答。', 'Next submission: the case exists, the terminal hears nothing.'),
    isOn: ({ faults }) => faults.dropAfterCommit > 0, breaking: { kind: 'drop-after-commit', times: 1 }, mending: { kind: 'drop-after-commit', times: 0 },
  },
  {
    id: 'fail-5xx', label: words('平台出错（503）', 'Platform error (503)'), hint: words('每个请求都回答 503，直到修好。', 'Every request is answered 503 until mended.'),
    isOn: ({ faults }) => faults.fail5xx === 'on' || faults.fail5xx > 0, breaking: { kind: 'fail-5xx', times: 'on' }, mending: { kind: 'fail-5xx', times: 0 },
  },
  {
    id: 'slow', label: words('平台很慢', 'Slow platform'), hint: words('每个回答晚 5 秒。', 'Every answer is 5 s late.'),
    isOn: ({ faults }) => faults.slowMs > 0, breaking: { kind: 'slow', ms: 5000 }, mending: { kind: 'slow', ms: 0 },
  },
]

function repositoryFault(fault: Exclude<States['repository']['fault'], 'none'>, label: LocalText, hint: LocalText): Fault<'repository'> {
  return { id: fault, label, hint, isOn: (state) => state.fault === fault, breaking: { type: 'fault', fault }, mending: { type: 'fault', fault: 'none' } }
}

/** One at a time: breaking the repository in another way mends the way before. */
export const REPOSITORY_FAULTS: readonly Fault<'repository'>[] = [
  repositoryFault('offline', words('仓库连不上', 'Repository unreachable'), words('终端继续用上一个好的事项包。', 'The terminal keeps its last good pack.')),
  repositoryFault('tamper', words('事项包被改动', 'Pack tampered with'), words('改了一个字节，签名对不上。', 'One byte differs from what was signed.')),
  repositoryFault('freeze', words('目录被冻结', 'Catalogue frozen'), words('新发布的包送不出来。', 'Newly published packs never appear.')),
  repositoryFault('cut', words('文件断在中间', 'Files end halfway'), words('下载到一半断开。', 'Downloads break off.')),
  repositoryFault('endless', words('文件没有尽头', 'Files never end'), words('下载永远不结束。', 'Downloads never finish.')),
]

const ALL: { readonly [Name in ThingName]: readonly Fault<Name>[] } = {
  'card-reader': CARD_READER_FAULTS,
  'receipt-printer': PRINTER_FAULTS,
  'page-printer': PAGE_PRINTER_FAULTS,
  'code-scanner': CODE_SCANNER_FAULTS,
  scanner: SCANNER_FAULTS,
  backend: BACKEND_FAULTS,
  repository: REPOSITORY_FAULTS,
}

export function faultsOf<Name extends ThingName>(thing: Name): readonly Fault<Name>[] {
  return ALL[thing]
}

/** The faults that are switched on now. */
export function faultsOn<Name extends ThingName>(thing: Name, state: States[Name]): readonly Fault<Name>[] {
  return faultsOf(thing).filter((fault) => fault.isOn(state))
}

/** What makes everything whole again, and nothing more than is needed. */
export function mendings(states: States): readonly Order[] {
  const of = <Name extends ThingName>(thing: Name, isCleared = false): readonly Order[] =>
    faultsOn(thing, states[thing]).filter((fault) => !(isCleared && fault.onCable)).map((fault) => ({ thing, command: fault.mending }) as unknown as Order)
  const cabled = (thing: CabledThing): readonly Order[] =>
    cableFaultsOn(states[thing].cable).length > 0 ? [{ thing, command: { kind: 'cable', clear: true } }, ...of(thing, true)] : of(thing)
  return [...cabled('card-reader'), ...cabled('scanner'), ...cabled('receipt-printer'), ...cabled('page-printer'), ...cabled('code-scanner'), ...of('backend'), ...of('repository')]
}
