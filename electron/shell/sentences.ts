import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'

/** What the person who starts the shell reads when it refuses. */
export const SENTENCES = {
  builtInConfiguration: text('正式版本必须指定终端配置文件（--config 或 KIOSK_CONFIG）；内置配置只用于演示环境。', 'A production build needs the configuration of its terminal (--config or KIOSK_CONFIG); the built-in one is for demonstrations only.'),
  pageMissing: text('界面尚未构建（缺少 dist/page/index.html），请先运行 npm run build。', 'The page has not been built (dist/page/index.html is missing); run npm run build first.'),
  sandboxOff: text('浏览器沙箱不得关闭（--no-sandbox）：仅在演示或测试中以 root 启动时可以。', 'Chromium’s sandbox must not be switched off (--no-sandbox); only a demonstration or test that is started as root may.'),
} as const satisfies Readonly<Record<string, LocalText>>

export function forbiddenSwitchSentence(name: string): LocalText {
  return text(`正式版本不接受启动参数 --${name}，它会打开外壳所关闭的入口。`, `A production build does not take --${name}: it would open what the shell closes.`)
}
