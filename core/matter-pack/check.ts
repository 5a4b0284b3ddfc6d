import { isRecord, ownValue } from '../json/pointer.ts'
import { err, ok } from '../result/result.ts'
import type { Result } from '../result/result.ts'
import { headerFaults, matterFaults } from './references.ts'
import type { CheckContext, DocumentKindFields } from './references.ts'
import { runMatterCases } from './golden.ts'
import type { PackFault } from './pack-fault.ts'
import { packFault } from './pack-fault.ts'
import { matterPackSchema, matterSchema } from './schema.ts'
import type { Matter, MatterPack } from './schema.ts'
import { schemaFaults } from './schema-faults.ts'

export interface CheckOptions {
  /** Document kinds that this terminal can read, with the fields of each; references to others are then refused. */
  readonly documentKinds?: DocumentKindFields
}

/**
 * Everything that must hold before a pack may be published or used: its schema, its references, no loops, no vague materials,
 * all golden cases exact. All faults are told at once; a matter whose shape is wrong is not searched for further faults, the
 * others are.
 */
export function checkPack(given: unknown, options: CheckOptions = {}): Result<MatterPack, readonly PackFault[]> {
  if (!isRecord(given)) return err([packFault([], '事项包应是一个 JSON 对象。', 'A matter pack must be a JSON object.')])
  const parsed = matterPackSchema.safeParse(given)
  const faults: PackFault[] = parsed.success ? [] : [...schemaFaults(parsed.error, given, [])]
  const context: CheckContext = { departments: idsOf(given['departments']), lifeEvents: idsOf(given['lifeEvents']), documentKinds: options.documentKinds }
  faults.push(...headerFaults(given))
  const matters: readonly unknown[] = Array.isArray(given['matters']) ? given['matters'] : []
  matters.forEach((raw, index) => {
    const matter = parsed.success ? parsed.data.matters[index] : soundMatter(raw)
    if (matter === undefined) return
    const own = matterFaults(matter, ['matters', index], context)
    // Golden cases of a matter with broken references would only repeat those faults in other words.
    faults.push(...(own.length > 0 ? own : runMatterCases(matter, ['matters', index])))
  })
  if (!parsed.success || faults.length > 0) return err(faults)
  return ok(parsed.data)
}

function soundMatter(raw: unknown): Matter | undefined {
  const parsed = matterSchema.safeParse(raw)
  return parsed.success ? parsed.data : undefined
}

function idsOf(list: unknown): ReadonlySet<string> {
  return new Set((Array.isArray(list) ? list : []).map((entry: unknown) => ownValue(entry, 'id')).filter((id): id is string => typeof id === 'string'))
}

export { runGoldenCases } from './golden.ts'
export type { PackFault } from './pack-fault.ts'
