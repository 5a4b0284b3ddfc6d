import type { Gap, Problem, ProblemCode } from '../../core/one-window/types.ts'
import { text, type LocalText } from '../../core/text/local-text.ts'

const REFUSALS: Readonly<Record<ProblemCode, { readonly status: number; readonly sentence: LocalText }>> = {
  malformed: { status: 400, sentence: text('请求的格式不对。', 'The request does not have the right form.') },
  'idempotency-key-missing': { status: 400, sentence: text('请求缺少幂等键。', 'The request has no idempotency key.') },
  'digest-mismatch': { status: 400, sentence: text('请求内容与其摘要不符。', 'The body does not match its digest.') },
  'signature-invalid': { status: 401, sentence: text('签名不对。', 'The signature is wrong.') },
  'request-time-out-of-window': { status: 401, sentence: text('终端时间与平台相差超过5分钟，请校准终端时钟。', 'The terminal’s clock differs by more than 5 minutes; please set it.') },
  'nonce-replayed': { status: 401, sentence: text('这个请求已经来过。', 'This very request has been seen before.') },
  'terminal-unknown': { status: 401, sentence: text('这台终端没有登记。', 'This terminal is not registered.') },
  'registration-expired': { status: 401, sentence: text('终端登记已到期，请续期。', 'The registration has ended; please renew it.') },
  'terminal-suspended': { status: 403, sentence: text('这台终端已被停用。', 'This terminal has been suspended.') },
  'terminal-mismatch': { status: 403, sentence: text('一台终端只能以自己的名义办理。', 'A terminal may act only for itself.') },
  'enrolment-code-unknown': { status: 403, sentence: text('登记码不对。', 'The enrolment code is wrong.') },
  'enrolment-code-used': { status: 403, sentence: text('登记码已经用过，请向平台另取一个。', 'The enrolment code has been used; please get a new one.') },
  'not-found': { status: 404, sentence: text('没有找到。', 'Nothing was found.') },
  'session-ended': { status: 410, sentence: text('本次办理已经结束，请重新刷身份证。', 'This session has ended; please lay the ID card again.') },
  'still-running': { status: 409, sentence: text('同一个请求正在处理。', 'The same request is still being worked on.') },
  'offset-mismatch': { status: 409, sentence: text('上传的位置不对，请查询后继续。', 'The piece does not begin where the stored part ends.') },
  'upload-gone': { status: 410, sentence: text('这份上传已不再保存，请重新上传。', 'This upload is no longer kept; please begin again.') },
  'too-large': { status: 413, sentence: text('内容太大。', 'The body is too large.') },
  'idempotency-key-reused': { status: 422, sentence: text('同一个幂等键不能用于另一份内容。', 'The same idempotency key came with another body.') },
  'upload-content-differs': { status: 422, sentence: text('上传的内容与声明的摘要不符。', 'The uploaded bytes do not match the announced SHA-256.') },
  'upload-missing': { status: 422, sentence: text('有材料还没有上传完。', 'A file that the case names has not been uploaded.') },
  'evidence-unknown': { status: 422, sentence: text('没有找到所引用的证照、核验或承诺记录。', 'A licence, check or commitment that the case refers to is not known.') },
  'commitment-not-allowed': { status: 422, sentence: text('此项不适用告知承诺，请提供证明材料。', 'A commitment is not possible here; please provide the paper.') },
  'identity-refused': { status: 422, sentence: text('身份信息未通过核对，请到人工窗口办理。', 'The identity could not be confirmed; please go to a staffed window.') },
  'gaps-remain': { status: 422, sentence: text('还有需要补充或更正的内容。', 'Something is still missing or must be corrected.') },
  'case-conflict': { status: 422, sentence: text('同一事项已有一件正在办理，不需要再次提交。', 'A case of the same matter is already open; there is no need to submit again.') },
  'matter-not-offered': { status: 422, sentence: text('平台现在不受理这个事项。', 'The platform does not take this matter now.') },
  'already-evaluated': { status: 422, sentence: text('这次服务已经评价过了。', 'This service has already been graded.') },
  'too-many-requests': { status: 429, sentence: text('请求太多，请稍后再试。', 'Too many requests; please try again later.') },
  internal: { status: 500, sentence: text('平台内部出错。', 'The platform had an internal fault.') },
  unavailable: { status: 503, sentence: text('平台暂时不能服务，请稍后再试。', 'The platform cannot serve now; please try again later.') },
}

/** Thrown inside an operation: its transaction is rolled back and the answer is a problem document. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly where: string | undefined
  readonly gaps: readonly Gap[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ProblemCode, details: { readonly where?: string; readonly gaps?: readonly Gap[]; readonly retryAfterSeconds?: number } = {}) {
    super(code)
    this.code = code
    this.where = details.where
    this.gaps = details.gaps
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  get status(): number {
    return REFUSALS[this.code].status
  }

  problem(): Problem {
    const { status, sentence } = REFUSALS[this.code]
    return {
      type: `urn:one-window:problem:${this.code}`,
      title: this.code,
      status,
      code: this.code,
      sentence,
      ...(this.where !== undefined && { where: this.where }),
      ...(this.gaps !== undefined && { gaps: [...this.gaps] }),
    }
  }
}
