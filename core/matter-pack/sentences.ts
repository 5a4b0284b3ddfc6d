import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** Why a terminal did not take a newer catalogue that the repository offered. The last good one stays in force. */
export type CatalogueRefusal =
  | 'bad-signature'
  | 'tampered'
  | 'expired'
  | 'rolled-back'
  | 'too-large'
  | 'nothing-offered'
  | 'other-region'
  | 'not-a-pack'
  | 'golden-failed'
  | 'clock-behind'
  | 'storage'

export type CatalogueCheck =
  | { readonly at: number; readonly result: 'up-to-date' }
  /** A newer pack was verified and waits for the end of the session. */
  | { readonly at: number; readonly result: 'new-pack' }
  | { readonly at: number; readonly result: 'offline' }
  | { readonly at: number; readonly result: 'refused'; readonly code: CatalogueRefusal }

/** What staff read about the last check of the catalogue: what is the matter, and what to do. */
export function catalogueCheckSentence(check: CatalogueCheck): LocalText {
  switch (check.result) {
    case 'up-to-date': return text('事项清单是最新的。', 'The catalogue is up to date.')
    case 'new-pack': return text('新的事项清单已核验，等没有人办事时启用。', 'A new catalogue has been verified and is put in force when nobody is at the terminal.')
    case 'offline': return text('连不上事项清单仓库，继续使用现有清单。请检查网络。', 'The repository of the catalogue does not answer; the present catalogue stays. Please check the network.')
    case 'refused': return refusalSentence(check.code)
    default: return unreachable(check)
  }
}

function refusalSentence(code: CatalogueRefusal): LocalText {
  switch (code) {
    case 'bad-signature': return text('新的事项清单签名不对，没有采用，继续使用现有清单。请报告发布单位。', 'The new catalogue is not signed by the right keys and was not taken; the present one stays. Please tell the publisher.')
    case 'tampered': return text('新的事项清单与签名不符，可能在传输中被改动，没有采用。请检查网络并报告发布单位。', 'The new catalogue differs from what was signed, perhaps changed on its way, and was not taken. Please check the network and tell the publisher.')
    case 'expired': return text('仓库的签名已过期，没有采用新的清单，继续使用现有清单。请发布单位重新签名。', 'The signatures of the repository have expired; nothing new was taken and the present catalogue stays. The publisher must sign again.')
    case 'rolled-back': return text('仓库给出的比本机已见过的还旧，没有采用。请报告发布单位。', 'The repository offers something older than this terminal has already seen; it was not taken. Please tell the publisher.')
    case 'too-large': return text('仓库的文件超过允许的大小，没有采用。请报告发布单位。', 'A file of the repository is larger than allowed and was not taken. Please tell the publisher.')
    case 'nothing-offered': return text('仓库里还没有本地区的事项清单。请发布单位发布。', 'The repository has no catalogue for this region yet. The publisher must publish one.')
    case 'other-region': return text('仓库给出的是别的地区的清单，没有采用。请核对终端配置。', 'The repository offers the catalogue of another region; it was not taken. Please check the configuration of the terminal.')
    case 'not-a-pack': return text('新的事项清单内容有误，没有采用，继续使用现有清单。请发布单位改正后重新发布。', 'The new catalogue has mistakes and was not taken; the present one stays. The publisher must correct and publish it again.')
    case 'golden-failed': return text('新的事项清单没有通过情形示例，没有采用，继续使用现有清单。请发布单位改正后重新发布。', 'The new catalogue failed its own golden cases and was not taken; the present one stays. The publisher must correct and publish it again.')
    case 'clock-behind': return text('本机时钟比上次更新时还早，没有采用新的清单。请校准时间，并检查主板电池。', 'The clock of this terminal is behind the time of the last update; nothing new was taken. Please set the clock and check the battery of the board.')
    case 'storage': return text('新的事项清单写不进磁盘，继续使用现有清单。请检查磁盘。', 'The new catalogue could not be written to the disk; the present one stays. Please check the disk.')
    default: return unreachable(code)
  }
}
