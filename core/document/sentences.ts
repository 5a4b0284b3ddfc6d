import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { ValueRule } from './document-kind.ts'
import type { DocumentReadError, FieldDoubt, ReadStage } from './reading.ts'

/** Names of the paper that is needed and, where it was recognised, of the paper that was laid. */
export interface PaperNames {
  readonly wanted: LocalText
  readonly found?: LocalText
}

/** What the citizen is told when a page gave no fields: what happened, and what to do now. */
export function documentReadSentence(error: DocumentReadError, papers?: PaperNames): LocalText {
  switch (error.kind) {
    case 'cancelled':
      return text('已停止识别。', 'Reading was stopped.')
    case 'blank-page':
      return text('这一页没有读到文字。请让有字的一面对着扫描仪或镜头，再来一次。', 'No text was found on this page. Turn its printed side to the scanner or the camera and take it again.')
    case 'other-document':
      if (papers?.found !== undefined) {
        return text(
          `这是${papers.found['zh-CN']}，这里需要的是${papers.wanted['zh-CN']}。请换上${papers.wanted['zh-CN']}，再来一次。`,
          `This paper is: ${papers.found.en}. Needed here: ${papers.wanted.en}. Please lay that one and take it again.`,
        )
      }
      return text('没有认出这是所需的材料。请核对后再来一次；确实是这份材料的，可以照样使用，由工作人员查看。', 'This does not look like the paper that is needed. Check it and take it again; if it is the right one, use it all the same, and a clerk will look.')
    case 'picture-unreadable':
      return text('这张图片不完整。请重新扫描。', 'The picture is not complete. Please scan again.')
    case 'too-slow':
      return text('识别时间太长，已停止。图片仍在，请自己填写。', 'Reading took too long and was stopped. The picture is kept; please fill in the fields yourself.')
    case 'reader-failed':
      return text('暂时不能识别文字。图片仍在，请自己填写。', 'Text cannot be read at the moment. The picture is kept; please fill in the fields yourself.')
    default:
      return unreachable(error)
  }
}

/** What staff are told; names causes by code, never what stands on a page. */
export function documentReadStaffSentence(error: DocumentReadError, papers?: PaperNames): LocalText {
  switch (error.kind) {
    case 'cancelled':
      return text('识别被取消。', 'Reading was cancelled.')
    case 'blank-page':
      return text('扫描件上没有识别到文字：原件放反、扫描仪灯管或玻璃有问题。', 'No text on the scan: paper upside down, or the scanner’s lamp or glass is at fault.')
    case 'other-document':
      if (papers?.found !== undefined) return text(`扫描件的标题、栏目属于“${papers.found['zh-CN']}”。`, `Title and labels of the scan are those of: ${papers.found.en}.`)
      return text('扫描件与所需材料的标题、栏目都不符。', 'Neither title nor labels of the scan fit the document asked for.')
    case 'picture-unreadable':
      return text(`扫描图像无法解码（${error.code}）。`, `The scanned picture cannot be decoded (${error.code}).`)
    case 'too-slow':
      return text('识别超过时限，识别进程已重启。终端可能过载。', 'Reading exceeded its time limit; the reading process was restarted. The terminal may be overloaded.')
    case 'reader-failed':
      return text(`识别进程出错（${error.code}），已重启。`, `The reading process failed (${error.code}) and was restarted.`)
    default:
      return unreachable(error)
  }
}

/** A sentence about one page of several; pages are counted from 1. */
export function aboutPage(number: number, sentence: LocalText): LocalText {
  return text(`第 ${number} 页：${sentence['zh-CN']}`, `Page ${number}: ${sentence.en}`)
}

/** A page among others that plainly is another paper: the citizen decides, and a clerk looks. */
export function strangerSentence(number: number, { wanted, found }: Required<PaperNames>): LocalText {
  return text(
    `第 ${number} 页是${found['zh-CN']}，这里需要的是${wanted['zh-CN']}。放错了，请按“回去看各页”把它去掉或换掉；确实要一起交的，可以照样使用，由工作人员查看。`,
    `Page ${number} is: ${found.en}. Needed here: ${wanted.en}. If it is a mistake, touch “Back to the pages” and remove or replace it; if it belongs to it, use it all the same, and a clerk will look.`,
  )
}

/** Two pages say different things, as far as each was read; `number` counts from 1. */
export function pagesDifferSentence(values: readonly { readonly number: number; readonly value: string }[]): LocalText {
  return text(
    `${values.map(({ number, value }) => `第 ${number} 页读作“${value}”`).join('，')}。请对照原件核对。`,
    `${values.map(({ number, value }) => `Page ${number} was read as “${value}”`).join(', ')}. Compare with the paper.`,
  )
}

/** Why a field asks for the citizen's eyes. */
export function fieldDoubtSentence(doubt: FieldDoubt): LocalText {
  switch (doubt) {
    case 'not-found':
      return text('纸上没有找到这一项，请填写。', 'This was not found on the page; please fill it in.')
    case 'check-failed':
      return text('号码与校验位不符，请对照原件逐位核对。', 'The number does not match its check character; compare it with the paper digit by digit.')
    case 'repaired':
      return text('号码有一处没有读准，已按校验位改正，请对照原件核对。', 'One place of the number was not read right and was mended by the check character; compare it with the paper.')
    case 'no-such-region':
      return text('号码的前两位不是已有的地区代码，请对照原件核对。', 'No region has the first two digits of this number; compare it with the paper.')
    case 'wrong-length':
      return text('号码位数不对，请对照原件核对。', 'The number has the wrong length; compare it with the paper.')
    case 'not-a-date':
      return text('没有读出完整的日期，请填写。', 'No complete date could be read; please fill it in.')
    case 'not-an-amount':
      return text('数额没有读清楚，请对照原件核对或填写。', 'The figure was not read clearly; compare it with the paper, or fill it in.')
    case 'not-a-phone':
      return text('电话号码读得不完整，请核对。', 'The telephone number was not read whole; please check it.')
    case 'not-a-name':
      return text('姓名读得不清楚，请对照原件核对。', 'The name was not read clearly; compare it with the paper.')
    case 'not-a-nation':
      return text('读出的民族名称不对，请核对。', 'What was read is no name of a nationality; please check it.')
    case 'not-a-place':
      return text('地址开头的省（区）名称不对，请对照原件核对。', 'There is no province of the name that opens this address; compare it with the paper.')
    case 'not-a-choice':
      return text('读出的内容不是这一栏能有的，请对照原件填写。', 'What was read cannot stand in this field; please fill in what the paper says.')
    case 'not-the-pattern':
      return text('读出的格式不对，请对照原件核对。', 'What was read does not have the right form; compare it with the paper.')
    case 'low-confidence':
      return text('有的字读得不太清楚，请对照原件核对。', 'Some characters were not read clearly; compare them with the paper.')
    case 'guessed-place':
      return text('这一项的位置不太确定，请对照原件看看是不是这一项。', 'It is not certain that this is the value asked for; compare it with the paper.')
    case 'characters-missing':
      return text('可能漏读了字，请对照原件核对。', 'A character may have been missed; compare it with the paper.')
    case 'name-length':
      return text('请对照原件看看，姓名有没有漏字或多字。', 'Compare the name with the paper: has it a character too few or too many?')
    case 'readings-differ':
      return text('两次读出的结果不同，请对照原件核对。', 'Two readings gave different results; compare with the paper.')
    case 'told-by-number':
      return text('这一处没有读出来，按纸上的身份证号码填写，请核对。', 'This was not read; it is filled in by the ID number on the paper. Please check it.')
    case 'untitled-page':
      return text('这一项是在没有标题的一页上读到的，请对照原件核对。', 'This was read on a page without a title; compare it with the paper.')
    case 'pages-disagree':
      return text('几页的内容互相对不上，这一项不一定属于这份材料，请对照原件核对。', 'The pages do not agree with each other, so this may belong to another paper; compare it with the paper.')
    case 'values-disagree':
      return text('这一项与纸上的另一项对不上，请对照原件核对。', 'This does not fit another value on the paper; compare both with the paper.')
    case 'date-in-future':
      return text('读出的日期还没有到，请对照原件核对。', 'The date that was read is still to come; compare it with the paper.')
    default:
      return unreachable(doubt)
  }
}

/** What the machine is doing now, for the progress line. */
export function readStageSentence(stage: ReadStage): LocalText {
  switch (stage) {
    case 'starting':
      return text('正在准备识别', 'Getting ready to read')
    case 'decoding':
      return text('正在打开图片', 'Opening the picture')
    case 'preparing':
      return text('正在清理和摆正图片', 'Cleaning and straightening the picture')
    case 'recognising':
      return text('正在识别文字', 'Reading the text')
    case 'finding-fields':
      return text('正在查找各项内容', 'Finding the fields')
    case 'checking-numbers':
      return text('正在核对号码', 'Checking the numbers')
    default:
      return unreachable(stage)
  }
}

/** Which keyboard fits a value of this rule. */
export function keyboardFor(rule: ValueRule): 'pinyin' | 'digits' | 'id-number' | 'date' | 'phone' {
  switch (rule) {
    case 'citizen-id':
    case 'disability-number':
      return 'id-number'
    case 'date':
    case 'period-start':
      return 'date'
    case 'phone':
      return 'phone'
    case 'amount':
    case 'area':
    case 'bank-card':
    case 'digits':
      return 'digits'
    // The end of validity may be a word (长期).
    case 'period-end':
    case 'credit-code':
    case 'name':
    case 'nation':
    case 'address':
    case 'text':
      return 'pinyin'
    default:
      return unreachable(rule)
  }
}
