import { text, type LocalText } from '../text/local-text.ts'
import { errorCode, type OneWindowError } from './errors.ts'

/**
 * What the citizen is told when a request failed in the middle of a journey. For a submission the outbox has its own words
 * ("kept here, not yet received"), because there the citizen's work is safe.
 */
export function citizenSentence(error: OneWindowError): LocalText {
  switch (error.kind) {
    case 'unreachable':
      return text('现在连不上政务服务平台。请稍后再试，或到人工窗口办理。', 'The service platform cannot be reached now. Please try again later or go to a staffed window.')
    case 'timeout':
      return text('政务服务平台没有及时答复。请再试一次，或到人工窗口办理。', 'The service platform did not answer in time. Please try once more or go to a staffed window.')
    case 'server-error':
      return text('政务服务平台正忙。请过几分钟再试，或到人工窗口办理。', 'The service platform is busy. Please try again in a few minutes or go to a staffed window.')
    case 'refused':
      return error.sentence
    case 'unauthorised':
      return text('这台机器暂时不能办理业务，已通知工作人员。请换一台机器，或到人工窗口办理。', 'This machine cannot handle matters for now; staff have been told. Please use another machine or go to a staffed window.')
    case 'conflict':
      return text('上一次操作还在处理。请稍等片刻再试。', 'The previous step is still being worked on. Please wait a moment and try again.')
    case 'bad-answer':
      return text('收到的答复不完整，不能确认结果。请再试一次，或到人工窗口办理。', 'The answer was not complete, so the result cannot be confirmed. Please try once more or go to a staffed window.')
  }
}

/** What staff are told: what is wrong and where to look. */
export function staffSentence(error: OneWindowError): LocalText {
  const code = errorCode(error)
  switch (error.kind) {
    case 'unreachable':
      return text(`连不上后端（${code}）。检查网线、网关和后端地址。`, `The backend cannot be reached (${code}). Check cable, gateway and backend address.`)
    case 'timeout':
      return text(`后端在 ${error.afterMs} 毫秒内没有答复。检查网络质量和后端负载。`, `The backend did not answer within ${error.afterMs} ms. Check the network and the backend's load.`)
    case 'server-error':
      return text(`后端答复 ${error.status}。将按退避时间重试；持续出现时联系平台运维。`, `The backend answered ${error.status}. It is tried again with back-off; if it stays, call the platform's operators.`)
    case 'refused':
      return text(`后端拒绝了请求（${code}）：${error.sentence['zh-CN']}`, `The backend refused the request (${code}): ${error.sentence.en}`)
    case 'unauthorised':
      return text(`后端不认可本终端（${code}）。检查终端登记、时钟和密钥。`, `The backend does not accept this terminal (${code}). Check its registration, clock and key.`)
    case 'conflict':
      return text(`同一请求正在处理（${code}）。将自动重试。`, `The same request is being worked on (${code}). It is tried again by itself.`)
    case 'bad-answer':
      return text(`答复不符合接口约定（${code}）。检查中间是否有代理或登录页，以及后端版本。`, `The answer does not fit the contract (${code}). Look for a proxy or log-in page in between, and at the backend's version.`)
  }
}
