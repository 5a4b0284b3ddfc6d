import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
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
        for (const needed of Object.keys({ ...found.dependencies, ...found.optionalDependencies }).filter((each) => !each.startsWith('@types/'))) visit(needed, place)
        return
      }
      if (base === '') throw new Error(`${name} is not installed`)
    }
  }
  for (const name of names) visit(name, '')
  return places
}

/** electron-builder's own decision whether a file of node_modules is packed. */
function isPacked(file: string): boolean {
  const { FileMatcher } = require('app-builder-lib/out/fileMatcher.js') as { FileMatcher: new (from: string, to: string, expand: (text: string) => string, patterns: readonly string[]) => { createFilter(): (file: string, stat: object) => boolean } }
  const patterns = ['**/*', ...config.files.filter((pattern) => pattern.startsWith('!'))]
  return new FileMatcher(ROOT, '/app', (text) => text, patterns).createFilter()(join(ROOT, file), { isDirectory: () => false, moduleFullFilePath: file })
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

  it('unpacks natives, engine and data, each of which is there', () => {
    for (const pattern of config.asarUnpack) expect(statSync(join(ROOT, pattern.replace('**/', '').replace('/**', ''))).isDirectory()).toBe(true)
  })

  it('takes along data of terminals and no demonstration pack', () => {
    const [assets] = config.extraResources
    expect(assets?.from).toBe('assets')
    expect(assets?.filter).toEqual(['ocr/**', 'printers/**', 'schemas/**'])
    for (const folder of assets?.filter ?? []) expect(statSync(join(ROOT, 'assets', folder.replace('/**', ''))).isDirectory()).toBe(true)
  })

  it('starts the built main process', () => {
    expect((json('package.json') as { main: string }).main).toBe('dist/shell/main.js')
  })
})
