import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPack } from '../core/matter-pack/check.ts'
import type { MatterPack } from '../core/matter-pack/schema.ts'
import { loadPackFolder, readDocumentKinds } from './pack-folder.ts'

/** The demonstration pack of the repository, checked; throws with every fault when it is not fit. */
export async function loadDemonstrationPack(root: URL): Promise<MatterPack> {
  const folder = new URL('assets/packs/demo-990101/', root)
  const loaded = await loadPackFolder(fileURLToPath(folder))
  const kinds = await readDocumentKinds(new URL('assets/ocr/kinds/', root))
  const checked = loaded.pack === undefined ? undefined : checkPack(loaded.pack, { documentKinds: kinds })
  if (checked?.ok === true) return checked.value
  const faults = checked === undefined ? loaded.faults : checked.error.map((fault) => loaded.locate(fault))
  throw new Error(faults.map((fault) => `${join('assets/packs/demo-990101', fault.file)} ${fault.pointer}: ${fault.message['zh-CN']} ${fault.message.en}`).join('\n'))
}
