import type { Obstacle } from '../device/capabilities.ts'
import { DEVICE_CLASS_NAMES } from '../device/sentences.ts'
import { withinSentence } from '../device/state-sentences.ts'
import type { DeviceClass, DeviceState } from '../device/status.ts'
import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** What is wrong with a device, as it stands behind the device's name in a sentence for a citizen. */
const CAUSES: Readonly<Record<DeviceState, LocalText>> = {
  starting: text('还在准备', 'is still getting ready'),
  ready: text('可以使用', 'works'),
  busy: text('正在使用', 'is in use'),
  offline: text('没有连上', 'is not connected'),
  'no-paper': text('没有纸了', 'is out of paper'),
  'paper-low': text('纸不多了', 'is low on paper'),
  'no-toner': text('没有墨粉了', 'is out of toner'),
  'output-full': text('出纸口满了', 'has a full outlet'),
  'cover-open': text('盖子没有合上', 'is open'),
  jam: text('卡纸了', 'is jammed'),
  'cutter-fault': text('坏了', 'is out of order'),
  fault: text('坏了', 'is out of order'),
  'out-of-service': text('已停用', 'is out of service'),
}

/** What a citizen still can do when a device is missing that only helps. */
const WITHOUT: Readonly<Record<DeviceClass, LocalText>> = {
  'id-card': text('身份证信息需要您自己填写。', 'You will have to type what stands on your card.'),
  'code-scanner': text('不能扫码，请用身份证办理。', 'Codes cannot be scanned; please use your ID card.'),
  'social-card': text('不能读社保卡，请用身份证办理。', 'Social-security cards cannot be read; please use your ID card.'),
  'receipt-printer': text('这次没有纸质回执：办完后请扫码保存电子回执，或记下办件编号。', 'There will be no paper receipt: at the end, scan the code to keep an electronic one, or note your case number.'),
  'page-printer': text('现在不能打印材料，办完后可以到人工窗口打印。', 'Documents cannot be printed here now; have them printed at the counter afterwards.'),
  'document-scanner': text('现在不能扫描，可以以后补交的材料请选“稍后补交”。', 'Papers cannot be scanned now; for those that may follow, choose “hand in later”.'),
  'document-camera': text('现在不能拍材料，可以以后补交的材料请选“稍后补交”。', 'Papers cannot be photographed now; for those that may follow, choose “hand in later”.'),
}

const NOT_NOW = text('这一项现在办不了。请稍后再来，或到人工窗口办理。', 'This cannot be done here now. Please come back later, or go to the counter.')
const NOT_HERE = text('这一项在本机办不了。请换一台机器，或到人工窗口办理。', 'This cannot be done on this machine. Please use another one, or go to the counter.')

/** Why a matter that cannot do without the device is not offered now. */
export function blockedBy(obstacle: Obstacle): LocalText {
  return two(causeOf(obstacle), obstacle.kind === 'not-built-in' ? NOT_HERE : NOT_NOW)
}

/** What a citizen should know before starting a matter that goes without the device. */
export function limitedBy(obstacle: Obstacle): LocalText {
  return two(causeOf(obstacle), WITHOUT[obstacle.device])
}

function causeOf(obstacle: Obstacle): LocalText {
  const name = DEVICE_CLASS_NAMES[obstacle.device]
  switch (obstacle.kind) {
    case 'not-built-in':
      return text(`本机没有${name['zh-CN']}。`, `This machine has no ${withinSentence(name.en)}.`)
    case 'not-usable': {
      const cause = CAUSES[obstacle.state]
      const because = obstacle.state === 'out-of-service' ? obstacle.reason : undefined
      return text(
        `${name['zh-CN']}${cause['zh-CN']}${because === undefined ? '' : `：${withoutStop(because['zh-CN'])}`}。`,
        `The ${withinSentence(name.en)} ${cause.en}${because === undefined ? '' : `: ${withoutStop(because.en)}`}.`,
      )
    }
    default:
      return unreachable(obstacle)
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[。.]+$/u, '')
}

function two(first: LocalText, second: LocalText): LocalText {
  return text(first['zh-CN'] + second['zh-CN'], `${first.en} ${second.en}`)
}
