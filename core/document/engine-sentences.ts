import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { EngineFault, EngineName, EngineState, ModelPart } from './engine-settings.ts'

/** How well pages are read, for staff. `warn`: they are read, but not by the engine that should do it. */
export interface EngineReport {
  readonly tone: 'ok' | 'info' | 'warn' | 'danger'
  readonly sentence: LocalText
}

/** Engines by the names that staff and the documentation use. */
const ENGINE_TITLES: Readonly<Record<EngineName, string>> = {
  'paddle-native': 'PP-OCR (onnxruntime-node)',
  'paddle-web': 'PP-OCR (onnxruntime-web)',
  tesseract: 'Tesseract (tesseract.js)',
}

const PARTS: Readonly<Record<ModelPart, LocalText>> = {
  detection: text('文字定位模型', 'the detection model'),
  recognition: text('文字识别模型', 'the recognition model'),
  direction: text('方向判断模型', 'the direction model'),
  dictionary: text('字表', 'the dictionary'),
}

/** What staff see of the text engine, and what they can do. */
export function engineReport(state: EngineState): EngineReport {
  switch (state.state) {
    case 'starting':
      return { tone: 'info', sentence: text('识别引擎正在启动。', 'The text engine is starting.') }
    case 'running': {
      const title = ENGINE_TITLES[state.engine]
      const missing = state.passedOver.map((name) => ENGINE_TITLES[name]).join(', ')
      return missing === ''
        ? { tone: 'ok', sentence: text(title, title) }
        : { tone: 'warn', sentence: text(`${title}；${missing} 在本机无法加载，识别会慢一些或差一些。请检查安装。`, `${title}; ${missing} does not load on this machine, so pages are read more slowly or less well. Check the installation.`) }
    }
    case 'unfit':
      return { tone: 'danger', sentence: faultSentence(state.fault) }
    default:
      return unreachable(state)
  }
}

/** Every fault leaves the citizen typing; staff put the file or the installation right. */
function faultSentence(fault: EngineFault): LocalText {
  switch (fault.kind) {
    case 'model-missing':
      return broken(fault.part, '不存在或读不出', 'is missing or cannot be read')
    case 'model-altered':
      return broken(fault.part, '与配置的校验和不符', 'is not what its check sum says')
    case 'model-unusable':
      return broken(fault.part, '不是本程序能用的模型', 'is no model that this program can use')
    case 'dictionary-does-not-fit':
      return broken('dictionary', '与识别模型的字数不符', 'does not have one line for each sign of the recognition model')
    case 'no-runtime':
      return text('不识别文字：没有一个识别引擎能在本机加载。材料请申请人手工填写；请检查安装。', 'No text is read: no text engine loads on this machine. Citizens type instead; check the installation.')
    default:
      return unreachable(fault)
  }
}

function broken(part: ModelPart, zh: string, en: string): LocalText {
  return text(`不识别文字：${PARTS[part]['zh-CN']}${zh}。材料请申请人手工填写；请换回正确的文件后重启。`, `No text is read: ${PARTS[part].en} ${en}. Citizens type instead; put the right file back and restart.`)
}
