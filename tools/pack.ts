/**
 * `npm run pack -- check [folder]`, `publish [folder] [--repository DIR]`, `rollback <version> [--region CODE] [--repository DIR]`.
 * Ends with 0 when all went well, 1 when the pack or the wish was refused, 2 when the command line was not understood.
 */
import { access } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkPack } from '../core/matter-pack/check.ts'
import type { MatterPack } from '../core/matter-pack/schema.ts'
import { unreachable } from '../core/result/result.ts'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { createRepository } from '../sandbox/repository/repository.ts'
import type { PublishError } from '../sandbox/repository/repository.ts'
import { loadPackFolder, readDocumentKinds } from './pack-folder.ts'
import type { LocatedFault } from './pack-folder.ts'

const root = new URL('../', import.meta.url)
export const DEFAULT_PACK_FOLDER = fileURLToPath(new URL('assets/packs/demo-990101', root))
export const DEFAULT_REPOSITORY_FOLDER = fileURLToPath(new URL('out/sandbox/world/repository', root))
const DOCUMENT_KINDS = new URL('assets/ocr/kinds/', root)

const USAGE = text(
  '用法：npm run pack -- check [目录] | publish [目录] [--repository 目录] | rollback <版本号> [--region 区划代码] [--repository 目录]',
  'Usage: npm run pack -- check [folder] | publish [folder] [--repository DIR] | rollback <version> [--region CODE] [--repository DIR]',
)
const DEFAULT_REGION = '990101'

type Print = (line: string) => void

/** Runs one command and says what happened. Returns the exit code. */
export async function runPackCommand(args: readonly string[], print: Print = console.log, printError: Print = console.error): Promise<0 | 1 | 2> {
  const say = (message: LocalText, to: Print = print): void => to(`  ${message['zh-CN']}\n  ${message.en}`)
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { repository: { type: 'string' }, region: { type: 'string' } } })
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    say(USAGE, printError)
    return 2
  }
  const [command, argument, ...more] = parsed.positionals
  const repositoryFolder = resolve(parsed.values.repository ?? DEFAULT_REPOSITORY_FOLDER)
  if (more.length > 0 || (command !== 'check' && command !== 'publish' && command !== 'rollback') || (command === 'rollback' && argument === undefined)) {
    say(USAGE, printError)
    return 2
  }
  const open = async (): ReturnType<typeof createRepository> => createRepository({ folder: repositoryFolder, clock: { now: () => Date.now(), setTimeout, clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout) } })

  if (command === 'rollback') {
    const repository = await open()
    const rolled = await repository.rollback(parsed.values.region ?? DEFAULT_REGION, argument ?? '')
    if (!rolled.ok) {
      say(publishSentence(rolled.error), printError)
      return 1
    }
    say(text(`已退回到 ${rolled.value.version}，作为第 ${rolled.value.generation} 代发布。`, `Rolled back to ${rolled.value.version}, offered as generation ${rolled.value.generation}.`))
    say(text('终端下次检查时取回，没有人办事时启用。', 'Terminals fetch it at their next check and put it in force when nobody is there.'))
    return 0
  }

  const folder = resolve(argument ?? DEFAULT_PACK_FOLDER)
  const checked = await checkFolder(folder)
  if (!checked.ok) {
    printError(`事项包有 ${checked.faults.length} 处错误  ·  ${checked.faults.length} ${checked.faults.length === 1 ? 'fault' : 'faults'} in the matter pack`)
    for (const fault of checked.faults) {
      printError(`\n${relative(process.cwd(), resolve(folder, fault.file))}${fault.pointer === '' ? '' : `  ${fault.pointer}`}`)
      say(fault.message, printError)
    }
    return 1
  }
  const { pack } = checked
  const cases = pack.matters.reduce((sum, matter) => sum + matter.golden.length, 0)
  print(`${pack.id} ${pack.version}  ·  ${pack.name['zh-CN']}`)
  for (const matter of pack.matters) print(`  ${matter.id}  ${matter.shortName['zh-CN']} · ${matter.shortName.en}  (${matter.materials.length} 材料/materials, ${matter.golden.length} 示例/golden cases)`)
  say(text(`检查通过：${pack.matters.length} 个事项，${cases} 个情形示例全部相符。`, `All is well: ${pack.matters.length} matters, ${cases} golden cases, all exact.`))
  if (command === 'check') return 0

  const published = await (await open()).publish(pack)
  if (!published.ok) {
    say(publishSentence(published.error), printError)
    return published.error.code === 'already-published' ? 0 : 1
  }
  const { version, generation, path, sha256 } = published.value
  say(text(`已签名并发布 ${version}，第 ${generation} 代。`, `Signed and published ${version} as generation ${generation}.`))
  print(`  ${path}`)
  print(`  sha256 ${sha256}`)
  print(`  ${relative(process.cwd(), repositoryFolder) || '.'}`)
  say(text('终端下次检查时取回，没有人办事时启用。', 'Terminals fetch it at their next check and put it in force when nobody is there.'))
  return 0
}

/** A pack folder, joined and checked with everything that can be known here. */
export async function checkFolder(folder: string): Promise<{ readonly ok: true; readonly pack: MatterPack } | { readonly ok: false; readonly faults: readonly LocatedFault[] }> {
  const loaded = await loadPackFolder(folder)
  if (loaded.faults.length > 0) return { ok: false, faults: loaded.faults }
  const hasKinds = await access(DOCUMENT_KINDS).then(() => true, () => false)
  const checked = checkPack(loaded.pack, hasKinds ? { documentKinds: await readDocumentKinds(DOCUMENT_KINDS) } : {})
  return checked.ok ? { ok: true, pack: checked.value } : { ok: false, faults: checked.error.map((fault) => loaded.locate(fault)) }
}

function publishSentence(error: PublishError): LocalText {
  switch (error.code) {
    case 'same-version-other-content': return text(`${error.version} 已经发布过，内容和这次的不一样。发布过的版本不能改：请在 pack.json 里把 version 调高，再发布。`, `${error.version} has been published already with other content. A published version never changes: raise "version" in pack.json and publish again.`)
    case 'already-published': return text(`${error.version} 已经是终端在用的版本（第 ${error.generation} 代），没有新内容可发布。`, `${error.version} is what terminals are offered already (generation ${error.generation}); there is nothing new to publish.`)
    case 'no-such-version': return text(`仓库里没有 ${error.version}；有的是：${error.known.join('、') || '（无）'}。`, `The repository has no ${error.version}; it has: ${error.known.join(', ') || '(none)'}.`)
    default: return unreachable(error)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await runPackCommand(process.argv.slice(2))
