import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { shippedModels } from '../../electron/document-worker/engines/models.ts'
import { EXTERNAL } from '../../electron/shell/vite.config.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const require = createRequire(import.meta.url)
const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

interface BuilderConfig {
  readonly electronVersion: string
  readonly files: readonly string[]
  readonly asarUnpack: readonly string[]
  readonly extraResources: readonly { readonly from: string; readonly filter: readonly string[] }[]
  readonly electronFuses: Readonly<Record<string, boolean>>
}
const config = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as BuilderConfig
const { packages } = json('package-lock.json') as { readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean; readonly dependencies?: Readonly<Record<string, string>>; readonly optionalDependencies?: Readonly<Record<string, string>> }>> }

/** Places in node_modules of a package and all that it needs, found as Node finds them. */
function closure(names: readonly string[]): ReadonlySet<string> {
  const places = new Set<string>()
  const visit = (name: string, from: string): void => {
    for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
      const place = `${base === '' ? '' : `${base}/`}node_modules/${name}`
      const found = packages[place]
      if (found !== undefined) {
        if (places.has(place)) return
        places.add(place)
        // Types are needed by no program; natives of every platform stand among the optional ones.
        for (const needed of Object.keys({ ...found.dependencies, ...found.optionalDependencies }).filter((each) => !each.startsWith('@types/') && !NOT_ASKED_FOR.has(each))) visit(needed, place)
        return
      }
      if (base === '') throw new Error(`${name} is not installed`)
    }
  }
  for (const name of names) visit(name, '')
  return places
}

/**
 * Packages that a package names and its shipped files do not ask for: what the native runtime's install script downloads with,
 * and what the WebAssembly runtime has inside its bundle.
 */
const NOT_ASKED_FOR = new Set(['adm-zip', 'global-agent', 'flatbuffers', 'guid-typescript', 'long', 'platform', 'protobufjs'])

/** electron-builder's own decision whether a file of node_modules is packed. */
function isPacked(file: string): boolean {
  const { FileMatcher } = require('app-builder-lib/out/fileMatcher.js') as { FileMatcher: new (from: string, to: string, expand: (text: string) => string, patterns: readonly string[]) => { createFilter(): (file: string, stat: object) => boolean } }
  const patterns = ['**/*', ...config.files.filter((pattern) => pattern.startsWith('!'))]
  return new FileMatcher(ROOT, '/app', (text) => text.replace('${platform}', 'linux').replace('${arch}', 'x64'), patterns).createFilter()(join(ROOT, file), { isDirectory: () => false, moduleFullFilePath: file })
}

describe('electron-builder.yml', () => {
  it('is what electron-builder accepts', () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(require('app-builder-lib/scheme.json') as object)
    validate(config)
    expect(validate.errors).toBeNull()
  })

  it('packs the Electron that the shell is type-checked against', () => {
    expect(config.electronVersion).toBe(packages['node_modules/electron']?.version)
  })

  it('has every fuse where it belongs', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false, enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false, enableCookieEncryption: false,
      enableEmbeddedAsarIntegrityValidation: true, onlyLoadAppFromAsar: true, grantFileProtocolExtraPrivileges: false,
    })
  })

  it('packs what the bundles leave outside and what that needs, and no other package of the terminal', () => {
    const needed = closure(EXTERNAL.filter((name) => name !== 'electron'))
    expect([...needed].filter((place) => !isPacked(`${place}/package.json`))).toEqual([])
    const shipped = Object.entries(packages).filter(([place, { dev }]) => place.startsWith('node_modules/') && dev !== true).map(([place]) => place)
    const scoped = (place: string): string => /^node_modules\/(@?[^/]+)/.exec(place)?.[1] ?? ''
    const neededNames = new Set([...needed].map(scoped))
    expect(shipped.filter((place) => isPacked(`${place}/package.json`) && !neededNames.has(scoped(place)))).toEqual([])
    expect(isPacked('node_modules/vue/dist/vue.runtime.esm-bundler.js')).toBe(false)
  })

  it('packs of the neural engine its models, the binary of this machine and the one WebAssembly build, and asks no package that stays behind', () => {
    const bin = 'node_modules/onnxruntime-node/bin/napi-v6'
    const packed = (folder: string): string[] => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(relative(ROOT, entry.parentPath), entry.name)).filter(isPacked)
    expect(packed(bin).sort()).toEqual([`${bin}/linux/x64/libonnxruntime.so.1`, `${bin}/linux/x64/onnxruntime_binding.node`])
    const web = packed('node_modules/onnxruntime-web').map((file) => relative('node_modules/onnxruntime-web', file))
    expect(web.sort()).toEqual(['README.md', 'dist/ort-wasm-simd-threaded.mjs', 'dist/ort-wasm-simd-threaded.wasm', 'dist/ort.node.min.js', 'package.json', 'types.d.ts'])
    for (const { file } of Object.values(shippedModels())) expect(isPacked(relative(ROOT, file))).toBe(true)
    const asked = [...packed('node_modules/onnxruntime-node/dist'), ...packed('node_modules/onnxruntime-web')].filter((file) => /\.m?js$/.test(file))
      .flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:require|import)\("([^"./][^"]*)"\)/g)].map((found) => found[1] ?? ''))
    expect(new Set(asked.filter((name) => !isBuiltin(name)))).toEqual(new Set(['onnxruntime-common']))
  })

  it('unpacks natives, engine and data, each of which is there', () => {
    for (const pattern of config.asarUnpack) expect(statSync(join(ROOT, pattern.replace('**/', '').replace('/**', ''))).isDirectory()).toBe(true)
  })

  it('takes along data of terminals, no demonstration pack and no golden picture', () => {
    const [assets] = config.extraResources
    expect(assets?.from).toBe('assets')
    expect(assets?.filter).toEqual(['ocr/kinds/**', 'printers/**', 'schemas/**'])
    for (const folder of assets?.filter ?? []) expect(statSync(join(ROOT, 'assets', folder.replace('/**', ''))).isDirectory()).toBe(true)
  })

  it('starts the built main process', () => {
    expect((json('package.json') as { main: string }).main).toBe('dist/shell/main.js')
  })
})
