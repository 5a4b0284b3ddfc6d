import type { OneWindowError } from '../../../core/one-window/errors.ts'
import { text, type LocalText } from '../../../core/text/local-text.ts'

/** Why an application cannot be kept now. Then nothing was kept, and nothing may be said to be. */
export type KeepError =
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'backlog' }
  | { readonly kind: 'not-stored'; readonly code: string }

/** Why an application that is kept has not been received yet. */
export type KeptWhy = Exclude<OneWindowError, { kind: 'refused' }> | { readonly kind: 'not-in-time' } | { readonly kind: 'paused'; readonly code: string } | { readonly kind: 'held'; readonly code: string }

export function keepErrorSentence(error: KeepError): LocalText {
  switch (error.kind) {
    case 'disk-full':
      return text('这台机器的存储空间不足，不能再收件。您的申请没有保存，请换一台机器或到人工窗口办理。', 'This machine has no room left and takes no more applications. Yours was not kept; please use another machine or a staffed window.')
    case 'backlog':
      return text('这台机器积压的申请太多，暂停收件。您的申请没有保存，请换一台机器或到人工窗口办理。', 'Too many applications are waiting in this machine, so it takes no more. Yours was not kept; please use another machine or a staffed window.')
    case 'not-stored':
      return text('您的申请没有保存成功，也没有提交。请再试一次，或到人工窗口办理。', 'Your application could not be kept and was not submitted. Please try once more or go to a staffed window.')
  }
}

/** In plain words for the slip and the screen: safe here, not yet received (facts on matters, section 4). */
export function keptSentence(why: KeptWhy): LocalText {
  if (why.kind === 'held') {
    return text('申请已安全保存在本机，尚未送达受理机关，需要工作人员处理；已通知工作人员。请保留本机编号，向工作人员查询。', 'Your application is safe in this machine but has not reached the authority; a staff member must look at it and has been told. Please keep the local number and ask staff.')
  }
  const [zh, en] = reason(why)
  return text(`${zh}申请已安全保存在本机，尚未送达受理机关；恢复后会自动送达，只送一次。`, `${en} Your application is safe in this machine but has not yet reached the authority; it will be sent by itself, exactly once.`)
}

function reason(why: Exclude<KeptWhy, { kind: 'held' }>): readonly [string, string] {
  switch (why.kind) {
    case 'unreachable': return ['现在连不上政务服务平台。', 'The service platform cannot be reached now.']
    case 'timeout':
    case 'not-in-time': return ['政务服务平台没有及时答复。', 'The service platform did not answer in time.']
    case 'server-error':
    case 'conflict': return ['政务服务平台正忙。', 'The service platform is busy.']
    case 'bad-answer': return ['没有收到完整的答复。', 'No complete answer came back.']
    case 'unauthorised':
    case 'paused': return ['平台暂时不接受这台机器，已通知工作人员。', 'The platform does not accept this machine for now; staff have been told.']
  }
}
