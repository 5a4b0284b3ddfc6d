import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CaseReceipt, CaseState, Proof, ReviewPoint, Submission } from '../../core/one-window/types.ts'
import type { Language, LocalText } from '../../core/text/local-text.ts'
import { caseView, filesOf } from './operations.ts'
import { STATE_SENTENCES } from './state-sentences.ts'
import type { Store } from './store.ts'

/** The words of the viewer, in both languages. */
const WORDS = {
  title: { 'zh-CN': '一窗受理平台', en: 'One-window platform' },
  demonstration: { 'zh-CN': '人物、号码和结果均为虚构，不具效力', en: 'People, numbers and results are invented and count for nothing' },
  cases: { 'zh-CN': '办件', en: 'Cases' },
  none: { 'zh-CN': '还没有办件。', en: 'There are no cases yet.' },
  number: { 'zh-CN': '办件编号', en: 'Case number' },
  matter: { 'zh-CN': '事项', en: 'Matter' },
  state: { 'zh-CN': '状态', en: 'State' },
  received: { 'zh-CN': '收件时间', en: 'Received' },
  terminal: { 'zh-CN': '终端', en: 'Terminal' },
  pack: { 'zh-CN': '事项包版本', en: 'Pack version' },
  applicant: { 'zh-CN': '申请人', en: 'Applicant' },
  answers: { 'zh-CN': '情形', en: 'Situation' },
  form: { 'zh-CN': '表单', en: 'Form' },
  materials: { 'zh-CN': '材料', en: 'Materials' },
  questions: { 'zh-CN': '请工作人员看', en: 'For the clerk to look at' },
  timeline: { 'zh-CN': '经过', en: 'Timeline' },
  signature: { 'zh-CN': '签名', en: 'Signature' },
  proof: { 'zh-CN': '证明', en: 'Proof' },
  consents: { 'zh-CN': '告知同意', en: 'Consents' },
  evaluation: { 'zh-CN': '评价', en: 'Evaluation' },
  back: { 'zh-CN': '返回办件列表', en: 'Back to the list' },
  until: { 'zh-CN': '补交截止', en: 'to follow by' },
  verify: { 'zh-CN': '证明核验', en: 'Check a proof' },
  genuine: { 'zh-CN': '验证码有效，证明由本平台出具。', en: 'The code is valid; this platform issued the proof.' },
  notGenuine: { 'zh-CN': '没有这个验证码。', en: 'There is no such code.' },
  local: { 'zh-CN': '终端本地编号', en: "Terminal's local number" },
} as const satisfies Record<string, LocalText>

const PERSON: Readonly<Record<keyof Submission['applicant'], LocalText>> = {
  name: { 'zh-CN': '姓名', en: 'Name' },
  englishName: { 'zh-CN': '英文姓名', en: 'English name' },
  kind: { 'zh-CN': '证件类型', en: 'Kind of card' },
  number: { 'zh-CN': '证件号码', en: 'Number' },
  sex: { 'zh-CN': '性别', en: 'Sex' },
  birth: { 'zh-CN': '出生日期', en: 'Date of birth' },
  nationCode: { 'zh-CN': '民族代码', en: 'Nation (code)' },
  nationality: { 'zh-CN': '国籍', en: 'Nationality' },
  address: { 'zh-CN': '住址', en: 'Address' },
  phone: { 'zh-CN': '电话', en: 'Phone' },
}

const HOW: Readonly<Record<Submission['materials'][number]['how'], LocalText>> = {
  card: { 'zh-CN': '读身份证', en: 'Card read' },
  licence: { 'zh-CN': '电子证照', en: 'Electronic licence' },
  'data-check': { 'zh-CN': '数据核验', en: 'Data check' },
  scan: { 'zh-CN': '扫描', en: 'Scanned' },
  commitment: { 'zh-CN': '告知承诺', en: 'Commitment' },
  generated: { 'zh-CN': '终端生成', en: 'Made by the terminal' },
  later: { 'zh-CN': '容缺后补', en: 'To follow' },
  paper: { 'zh-CN': '窗口交纸质件', en: 'Paper at the window' },
}

const FINDING: Readonly<Record<ReviewPoint['finding'], LocalText>> = {
  undecided: { 'zh-CN': '终端判断不了', en: 'The terminal could not decide' },
  differs: { 'zh-CN': '终端读到的不一致', en: 'What the terminal read differs' },
}

const SOURCE: Readonly<Record<string, LocalText>> = {
  'read-sure': { 'zh-CN': '读出', en: 'read' },
  'read-unsure-confirmed': { 'zh-CN': '读得不准，申请人已确认', en: 'read with doubt, confirmed by the applicant' },
  typed: { 'zh-CN': '申请人填写', en: 'typed by the applicant' },
}

/** Pages for the person who runs the demonstration: the cases as the backend holds them, with their materials as pictures. */
export function serveViewer(app: FastifyInstance, store: () => Store): void {
  app.get('/', (request, reply) => page(request, reply, (say, language) => list(store(), say, language)))
  app.get<{ Params: { number: string } }>('/cases/:number', (request, reply) => page(request, reply, (say, language) => one(store(), request.params.number, say, language)))
  app.get<{ Querystring: { code?: string } }>('/verify', (request, reply) => page(request, reply, (say, language) => verification(store(), request.query.code ?? '', say, language)))
  app.get<{ Params: { id: string } }>('/files/:id', async (request, reply) => {
    if (!isLoopbackHost(request)) return reply.code(403).send()
    const row = store().one('SELECT id, mime FROM upload WHERE id = ? AND complete = 1 AND gone = 0', request.params.id)
    if (row === undefined) return reply.code(404).send()
    return reply.type(String(row['mime'])).header('Cache-Control', 'no-store').header('X-Content-Type-Options', 'nosniff').send(await readFile(store().filePath(String(row['id']))))
  })
}

type Say = (text: LocalText) => string
/** Text that is HTML already. Everything else goes through `escape`. */
interface Html { readonly html: string }

function page(request: FastifyRequest, reply: FastifyReply, content: (say: Say, language: Language) => Html | undefined): FastifyReply {
  // A page elsewhere whose name was pointed at 127.0.0.1 must not read this one (DNS rebinding).
  if (!isLoopbackHost(request)) return reply.code(403).send()
  const asked = (request.query as { readonly lang?: string }).lang
  const language: Language = asked === 'en' || (asked !== 'zh-CN' && /^en/i.test(request.headers['accept-language'] ?? '')) ? 'en' : 'zh-CN'
  const say: Say = (text) => escape(text[language])
  const body = content(say, language)
  const path = request.url.split('?')[0] ?? '/'
  const code = (request.query as { readonly code?: string }).code
  const other = `${path}?lang=${language === 'en' ? 'zh-CN' : 'en'}${code === undefined ? '' : `&code=${encodeURIComponent(code)}`}`
  return reply.code(body === undefined ? 404 : 200).type('text/html; charset=utf-8').header('Cache-Control', 'no-store')
    .header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*")
    .send(`<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${say(WORDS.title)}</title><style>${STYLE}</style>
<header><a class="name" href="/?lang=${language}">${say(WORDS.title)}</a><a href="${escape(other)}">${language === 'en' ? '中文' : 'English'}</a></header>
<p class="mark"><b>Demonstration 演示</b> ${say(WORDS.demonstration)}</p><main>${body?.html ?? '404'}</main></html>`)
}

function list(store: Store, say: Say, language: Language): Html {
  const rows = store.all('SELECT number, terminal_id, submission, state, received_at FROM accepted_case ORDER BY received_at DESC, number DESC')
  const body = rows.map((row) => {
    const submission = JSON.parse(String(row['submission'])) as Submission
    return `<tr><td><a href="/cases/${escape(String(row['number']))}?lang=${language}"><code>${escape(String(row['number']))}</code></a></td><td>${say(submission.matter.name)}</td>
      <td>${stateMark(String(row['state']) as CaseState, say)}</td><td>${time(Number(row['received_at']), language)}</td><td>${escape(submission.pack.version)}</td><td>${escape(String(row['terminal_id']))}</td></tr>`
  }).join('')
  return html(`<h1>${say(WORDS.cases)} <span class="count">${rows.length}</span></h1>${rows.length === 0 ? `<p class="empty">${say(WORDS.none)}</p>` : `<div class="scroll"><table><thead><tr>
    ${[WORDS.number, WORDS.matter, WORDS.state, WORDS.received, WORDS.pack, WORDS.terminal].map((word) => `<th>${say(word)}</th>`).join('')}</tr></thead><tbody>${body}</tbody></table></div>`}`)
}

function one(store: Store, number: string, say: Say, language: Language): Html | undefined {
  const row = store.one('SELECT * FROM accepted_case WHERE number = ?', number)
  if (row === undefined) return undefined
  const view = caseView(store, number)
  const submission = JSON.parse(String(row['submission'])) as Submission
  const tolerated = JSON.parse(String(row['tolerated'])) as CaseReceipt['tolerated']
  const proof = row['proof'] === null ? undefined : (JSON.parse(String(row['proof'])) as Proof)
  const evaluation = store.one('SELECT grade, words FROM evaluation WHERE case_number = ?', number)
  const uploadIds = new Map(filesOf(submission).map(({ attachmentId }) => [attachmentId, store.one('SELECT id FROM upload WHERE terminal_id = ? AND attachment_id = ? AND complete = 1 AND gone = 0', String(row['terminal_id']), attachmentId)?.['id']]))
  const picture = (attachmentId: string, mime: string, label: string): string => {
    const id = uploadIds.get(attachmentId)
    if (id === undefined || id === null) return ''
    const address = `/files/${escape(String(id))}`
    return mime === 'application/pdf' ? `<a class="file" href="${address}">PDF</a>` : `<a href="${address}"><img src="${address}" alt="${label}"></a>`
  }
  const { applicant } = submission
  return html(`<p><a href="/?lang=${language}">← ${say(WORDS.back)}</a></p>
    <h1>${say(submission.matter.name)} ${stateMark(view.state, say)}</h1>
    <dl class="facts">${[
      [WORDS.number, `<code>${escape(number)}</code>`], [WORDS.received, time(Number(row['received_at']), language)],
      [WORDS.pack, `${escape(submission.pack.id)} ${escape(submission.pack.version)}`], [WORDS.terminal, escape(String(row['terminal_id']))], [WORDS.local, escape(submission.localNumber)],
    ].map(([word, value]) => `<div><dt>${say(word as LocalText)}</dt><dd>${value as string}</dd></div>`).join('')}</dl>
    <div class="columns"><section><h2>${say(WORDS.applicant)}</h2>${person(applicant, say)}</section>
    <section><h2>${say(WORDS.timeline)}</h2><ol class="timeline">${view.timeline.map((entry) => `<li><time>${time(Date.parse(entry.at), language)}</time> ${say(entry.sentence)}</li>`).join('')}</ol>
    ${evaluation === undefined ? '' : `<h2>${say(WORDS.evaluation)}</h2><p>${'★'.repeat(Number(evaluation['grade']))}${'☆'.repeat(5 - Number(evaluation['grade']))} ${escape(String(evaluation['words'] ?? ''))}</p>`}</section>
    <section><h2>${say(WORDS.answers)}</h2>${values(submission.answers)}</section><section><h2>${say(WORDS.form)}</h2>${values(submission.form)}</section></div>
    ${questions(submission, say)}
    <section><h2>${say(WORDS.materials)}</h2><ul class="materials">${submission.materials.map((material) => {
      const until = tolerated.find(({ materialId }) => materialId === material.id)?.until
      return `<li><h3>${say(material.name)}</h3><p><span class="how">${say(HOW[material.how])}</span>${until === undefined ? '' : ` ${say(WORDS.until)} ${escape(until)}`}</p>
        ${(material.uploads ?? []).map((file) => picture(file.attachmentId, file.mime, say(material.name))).join('')}${material.fields === undefined ? '' : fields(material.fields, material.fieldSources ?? {}, say)}</li>`
    }).join('')}</ul></section>
    ${proof === undefined ? '' : `<section><h2>${say(WORDS.proof)}</h2>${proofTable(proof, say)}</section>`}
    <section><h2>${say(WORDS.consents)}</h2>${values(Object.fromEntries(submission.consents.map((consent) => [`${consent.id} (${consent.textVersion})`, consent.agreedAt])))}</section>
    ${submission.signature === undefined ? '' : `<section><h2>${say(WORDS.signature)}</h2><div class="signature">${picture(submission.signature.file.attachmentId, submission.signature.file.mime, say(WORDS.signature))}</div></section>`}`)
}

function verification(store: Store, code: string, say: Say, language: Language): Html {
  const row = store.one('SELECT proof FROM accepted_case WHERE proof_code = ?', code.toUpperCase())
  if (row === undefined) return html(`<h1>${say(WORDS.verify)}</h1><p class="empty">${say(WORDS.notGenuine)}</p>`)
  const proof = JSON.parse(String(row['proof'])) as Proof
  return html(`<h1>${say(WORDS.verify)}</h1><p>${say(WORDS.genuine)} ${time(Date.parse(proof.issuedAt), language)}</p>${proofTable(proof, say)}`)
}

function proofTable(proof: Proof, say: Say): string {
  return `<p><b>${say(proof.title)}</b> &emsp; <code>${escape(proof.verificationCode)}</code> &emsp; ${escape(proof.holder.name)} ${escape(proof.holder.numberMasked)}</p><div class="scroll"><table><tbody>${
    proof.rows.map((row) => `<tr><td>${escape(row.kind)}</td><td>${escape(row.from)} – ${escape(row.to)}</td><td>${row.months}</td><td>${escape(row.employer)}</td></tr>`).join('')}</tbody></table></div>`
}

function person(applicant: Submission['applicant'], say: Say): string {
  const lines = (Object.keys(PERSON) as (keyof typeof PERSON)[]).filter((field) => applicant[field] !== undefined)
  return `<dl class="values">${lines.map((field) => `<div><dt>${say(PERSON[field])}</dt><dd>${escape(applicant[field] ?? '')}</dd></div>`).join('')}</dl>`
}

/** What this application leaves to the clerk, material by material. */
function questions({ reviewPoints = [], materials }: Submission, say: Say): string {
  if (reviewPoints.length === 0) return ''
  const lines = reviewPoints.map(({ materialId, question, finding }) => {
    const name = materials.find(({ id }) => id === materialId)?.name
    return `<li>${name === undefined ? escape(materialId) : say(name)}: <b>${say(question)}</b> <span class="how">${say(FINDING[finding])}</span></li>`
  })
  return `<section class="questions"><h2>${say(WORDS.questions)}</h2><ul>${lines.join('')}</ul></section>`
}

function fields(record: Readonly<Record<string, string>>, sources: Readonly<Record<string, string>>, say: Say): string {
  const marked = (name: string): string => {
    const source = SOURCE[sources[name] ?? '']
    return source === undefined ? '' : ` <span class="how">${say(source)}</span>`
  }
  return `<dl class="values">${Object.entries(record).map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}${marked(name)}</dd></div>`).join('')}</dl>`
}

function values(record: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return '<p class="empty">—</p>'
  return `<dl class="values">${entries.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(typeof value === 'string' ? value : JSON.stringify(value))}</dd></div>`).join('')}</dl>`
}

function stateMark(state: CaseState, say: Say): string {
  return `<span class="state ${state}">${say(STATE_SENTENCES[state])}</span>`
}

/** Beijing time, the time that a citizen's receipt speaks of. */
function time(epochMs: number, language: Language): string {
  return escape(new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'medium' }).format(epochMs))
}

function html(text: string): Html {
  return { html: text }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function isLoopbackHost(request: FastifyRequest): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')
}

const STYLE = `
:root{color-scheme:light;--ink:#1c2430;--soft:#5a6675;--line:#d9dee6;--ground:#f4f6f9;--accent:#0b5cad}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "Noto Sans SC Variable","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif}
header{display:flex;justify-content:space-between;align-items:center;padding:14px max(20px,calc(50vw - 580px));background:#fff;border-bottom:1px solid var(--line)}
a{color:var(--accent)}.name{font-weight:700;font-size:18px;text-decoration:none;color:var(--ink)}
.mark{margin:0;padding:8px max(20px,calc(50vw - 580px));background:#fff3d6;color:#5c4300;font-size:14px}
main{max-width:1200px;margin:0 auto;padding:20px}h1{font-size:24px;display:flex;flex-wrap:wrap;gap:12px;align-items:center}h2{font-size:17px;margin:0 0 8px}h3{font-size:16px;margin:0}
.count{font-size:15px;color:var(--soft);font-weight:400}section,.scroll{background:#fff;border:1px solid var(--line);border-radius:10px;padding:16px;margin:0 0 16px}.scroll{padding:0;overflow-x:auto}section .scroll{border:0;margin:0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:10px 12px;border-bottom:1px solid var(--line);white-space:nowrap}tbody tr:last-child td{border-bottom:0}th{font-size:14px;color:var(--soft);font-weight:500}
code{font:15px/1.4 ui-monospace,"DejaVu Sans Mono",monospace}.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px;margin-bottom:16px}.columns section{margin:0}
dl{margin:0}.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin-bottom:18px}.facts dt,.values dt{font-size:13px;color:var(--soft)}.facts dd,.values dd{margin:0;overflow-wrap:anywhere}.values div{display:grid;grid-template-columns:150px 1fr;gap:10px;padding:5px 0;border-bottom:1px solid #eef1f5}.values div:last-child{border-bottom:0}
.state,.how{display:inline-block;border-radius:999px;padding:1px 11px;font-size:14px;font-weight:500;background:#e3effc;color:#0b4a8c}.state.done{background:#dff3e4;color:#17612d}.state.correction-needed,.state.special-procedure{background:#fff0d0;color:#6d4b00}.state.refused,.state.withdrawn{background:#fbe0de;color:#8c1d18}
.timeline{margin:0;padding-left:20px}.timeline time{color:var(--soft);margin-right:8px}.materials{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr));gap:14px}.materials li{border:1px solid var(--line);border-radius:8px;padding:12px}.materials p{margin:4px 0 8px}
img{display:block;max-width:100%;max-height:420px;border:1px solid var(--line);background:#fff;margin-bottom:8px}.signature img{max-height:180px}.empty{color:var(--soft)}.questions{border-color:#d9a400}.questions ul{margin:0;padding-left:20px}
`
