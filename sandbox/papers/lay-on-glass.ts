import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { DemonstrationPage } from '../devices/scanner/pages.ts'
import type { GlassRequest } from './glass-worker.ts'
import { goldenPages } from './golden.ts'
import type { PaperState } from './states.ts'

const KIND_NAMES: Readonly<Record<string, DemonstrationPage['title']>> = {
  'application-form': { 'zh-CN': '参保登记表', en: 'Application form' },
  'bank-card': { 'zh-CN': '银行卡', en: 'Bank card' },
  'business-licence': { 'zh-CN': '营业执照', en: 'Business licence' },
  'disability-certificate': { 'zh-CN': '残疾人证', en: 'Disability certificate' },
  'household-register-first': { 'zh-CN': '户口簿首页', en: 'Household register, first page' },
  'household-register-page': { 'zh-CN': '户口簿内页', en: 'Household register, person page' },
  'id-card-back': { 'zh-CN': '身份证国徽面', en: 'ID card, back' },
  'id-card-front': { 'zh-CN': '身份证人像面', en: 'ID card, front' },
  'marriage-certificate': { 'zh-CN': '结婚证', en: 'Marriage certificate' },
  'property-certificate': { 'zh-CN': '不动产权证书', en: 'Property certificate' },
  'residence-lease': { 'zh-CN': '租赁合同', en: 'Residence lease' },
}

/** The clean golden page of every kind, as papers that can be laid on the glass; of other people than the demonstration's. */
export function goldenPapers(): readonly DemonstrationPage[] {
  return goldenPages().filter(({ id }) => id.endsWith('/clean')).map(({ id, truth, file }) => ({
    id: `golden-${truth.kind}`,
    title: KIND_NAMES[truth.kind] ?? { 'zh-CN': id, en: id },
    kind: truth.kind,
    fields: Object.fromEntries(truth.fields.map((field) => [field.id, field.value])),
    values: truth.fields.map(({ box }) => box),
    dpi: truth.dpi,
    jpeg: new Uint8Array(readFileSync(file)),
  }))
}

/** The picture that the scanner takes of a paper in a state, made in a thread of its own. */
export async function layOnGlass(page: DemonstrationPage, state: PaperState | undefined, scannerDpi: number, seed = 1): Promise<Uint8Array> {
  const worker = new Worker(new URL('glass-worker.ts', import.meta.url), { execArgv: ['--no-warnings'] })
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the glass worker ended')))
      worker.postMessage({ jpeg: page.jpeg, dpi: page.dpi, scannerDpi, state, seed, values: page.values ?? [] } satisfies GlassRequest)
    })
  } finally {
    await worker.terminate()
  }
}
