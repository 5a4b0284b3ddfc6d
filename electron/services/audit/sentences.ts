import { unreachable } from '../../../core/result/result.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import type { AuditBreak } from './chain.ts'

/** What is wrong with a journal, and where, for the person who verifies it. */
export function auditBreakSentence(broken: AuditBreak): LocalText {
  const { row } = broken
  switch (broken.kind) {
    case 'changed': return text(`第 ${row} 行被改动过：内容与其哈希不符。`, `Row ${row} was changed: what it says is not what was hashed.`)
    case 'gap': return text(`缺第 ${row} 行。`, `Row ${row} is missing.`)
    case 'not-linked': return text(`第 ${row} 行与上一行接不上：前面有行被换过。`, `Row ${row} does not follow the one before it: an earlier row was replaced.`)
    case 'cut-off': return text(`从第 ${row} 行起少了 ${broken.missing} 行：末尾被截断。`, `From row ${row} on ${broken.missing} row(s) are missing: the end was cut off.`)
    case 'rewritten': return text(`第 ${row} 行不是当时封存的那一行：日志被重写过。`, `Row ${row} is not the one that was sealed: the journal was rewritten.`)
    case 'not-sealed': return text(`第 ${row} 行起没有封存：不是本程序写入的。`, `From row ${row} on nothing was sealed: this program did not write it.`)
    case 'head-missing': return text(`封存文件（keys/audit-head.json）不见了，不能确认第 ${row} 行就是最后一行。`, `The sealed head (keys/audit-head.json) is missing: nobody can tell whether row ${row} was the last.`)
    case 'head-forged': return text(`封存文件（keys/audit-head.json）不是用本终端的密钥签的，不能确认第 ${row} 行就是最后一行。`, `The sealed head (keys/audit-head.json) was not signed with this terminal’s key: nobody can tell whether row ${row} was the last.`)
    default: return unreachable(broken)
  }
}
