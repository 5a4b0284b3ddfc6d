import { ageAt, chinaDate } from '../../core/identity/dates.ts'
import { birthOf, parseCitizenId } from '../../core/identity/citizen-id.ts'
import type { Gap, PreCheckRequest } from '../../core/one-window/types.ts'
import { text } from '../../core/text/local-text.ts'
import { insurancePeriods } from './insurance-proof.ts'
import { MATTERS } from './registers.ts'
import { Refusal } from './refusal.ts'
import type { Store } from './store.ts'

/** States in which a case is still open. */
const OPEN_STATES = "('received','accepted','correction-needed','in-progress','special-procedure')"

/**
 * Everything that the backend knows to stand in the way, all at once (一次性告知, 许可法 32). The pack's own rules have been
 * applied by the terminal; here stands what only the backend can see, and what it does not take on trust.
 * @throws Refusal when the matter is not offered at all
 */
export function findGaps(store: Store, application: PreCheckRequest, nowMs: number): readonly Gap[] {
  const matter = MATTERS.find((candidate) => candidate.id === application.matter.id)
  if (matter === undefined) throw new Refusal('matter-not-offered')
  const { applicant } = application
  const gaps: Gap[] = []

  if (applicant.kind === 'resident') {
    const number = parseCitizenId(applicant.number)
    if (!number.ok) {
      gaps.push({
        code: 'applicant-number', target: { kind: 'applicant' },
        sentence: text('公民身份号码未通过校验。', 'The citizen ID number does not pass its check.'),
        remedy: text('请重新读取身份证；仍不通过时到人工窗口办理。', 'Please read the card again; if it still fails, go to a staffed window.'),
      })
    } else if (matter.fromAge !== undefined) {
      const age = ageAt(birthOf(number.value), chinaDate(nowMs))
      if (age < matter.fromAge) {
        const years = matter.fromAge - age
        gaps.push({
          code: 'age-below', target: { kind: 'applicant' },
          sentence: text(`申请人现在 ${age} 周岁，本事项须年满 ${matter.fromAge} 周岁。`, `The applicant is ${age}; this matter is for people from ${matter.fromAge}.`),
          remedy: text(`约 ${years} 年后、年满 ${matter.fromAge} 周岁时即可办理。`, `It can be done in about ${years} year${years === 1 ? '' : 's'}, from the ${matter.fromAge}th birthday.`),
        })
      }
    }
  }

  if (matter.onePerPerson) {
    const open = store.one(`SELECT number FROM accepted_case WHERE matter_id = ? AND applicant_number = ? AND state IN ${OPEN_STATES} ORDER BY received_at LIMIT 1`, matter.id, applicant.number)
    if (open !== undefined) {
      const caseNumber = String(open['number'])
      gaps.push({
        code: 'case-open', target: { kind: 'matter' }, caseNumber,
        sentence: text(`您已有一件“${matter.name['zh-CN']}”正在办理，办件编号 ${caseNumber}。`, `A case of “${matter.name.en}” is already open for you, number ${caseNumber}.`),
        remedy: text('不需要重复提交，可凭办件编号查询进度。', 'There is no need to submit again; follow it with its number.'),
      })
    }
  }

  if (matter.id === 'M01' && insurancePeriods(applicant.number, application.form).length === 0) {
    gaps.push({
      code: 'no-contributions', target: { kind: 'matter' },
      sentence: text('在所选险种和时间段内没有查到参保缴费记录。', 'No contributions were found for the chosen kinds and months.'),
      remedy: text('请扩大时间段或更换险种；记录有误时到社保窗口核对。', 'Please choose a longer time or other kinds; if the record is wrong, ask at the social-insurance window.'),
    })
  }

  for (const material of application.materials) {
    const name = material.name
    const problem = evidenceProblem(store, material, applicant.number)
    if (problem === undefined) continue
    gaps.push({
      code: problem, target: { kind: 'material', id: material.id },
      sentence: EVIDENCE_SENTENCES[problem](name['zh-CN'], name.en),
      remedy: text('请回到材料清单，重新提供这一项。', 'Please go back to the list of materials and give this one again.'),
    })
  }
  return gaps
}

type EvidenceProblem = 'licence-unknown' | 'check-unknown' | 'commitment-unknown' | 'pages-missing' | 'tolerance-missing'

const EVIDENCE_SENTENCES: Readonly<Record<EvidenceProblem, (zh: string, en: string) => ReturnType<typeof text>>> = {
  'licence-unknown': (zh, en) => text(`“${zh}”所用的电子证照没有调用记录。`, `There is no record of the electronic licence that stands for “${en}”.`),
  'check-unknown': (zh, en) => text(`“${zh}”没有核验通过的记录。`, `There is no record of a passed check for “${en}”.`),
  'commitment-unknown': (zh, en) => text(`“${zh}”的承诺没有登记。`, `The commitment that stands for “${en}” is not recorded.`),
  'pages-missing': (zh, en) => text(`“${zh}”没有扫描页。`, `“${en}” has no scanned page.`),
  'tolerance-missing': (zh, en) => text(`“${zh}”没有写明补交期限。`, `“${en}” is to follow later, but no term is given.`),
}

function evidenceProblem(store: Store, material: PreCheckRequest['materials'][number], applicantNumber: string): EvidenceProblem | undefined {
  switch (material.how) {
    case 'licence':
      return known('SELECT 1 FROM licence_fetch WHERE ref = ? AND person_number = ? AND found = 1', material.licenceRef) ? undefined : 'licence-unknown'
    case 'data-check':
      return known("SELECT 1 FROM data_check WHERE ref = ? AND person_number = ? AND outcome = 'passed'", material.checkRef) ? undefined : 'check-unknown'
    case 'commitment':
      // The reference is optional: offline, the commitment is in the submission itself, signed with it.
      return material.commitmentRef === undefined || known('SELECT 1 FROM commitment WHERE ref = ? AND person_number = ?', material.commitmentRef) ? undefined : 'commitment-unknown'
    case 'scan':
      return (material.uploads?.length ?? 0) > 0 ? undefined : 'pages-missing'
    case 'later':
      return material.tolerance !== undefined ? undefined : 'tolerance-missing'
    case 'card':
    case 'generated':
    case 'paper':
      return undefined
  }

  function known(sql: string, reference: string | undefined): boolean {
    return reference !== undefined && store.one(sql, reference, applicantNumber) !== undefined
  }
}
