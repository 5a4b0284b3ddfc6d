import { unreachable } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { LookStage, PageProblem, PageSource } from './page-look.ts'

/** What the citizen is told to change. Under a lid nobody can tilt a lamp or lift a finger, so the source decides some words. */
export function pageProblemSentence(problem: PageProblem, source: PageSource): LocalText {
  switch (problem) {
    case 'no-page':
      return text('没有找到纸张。请把材料平放在镜头下方，四边都要看得见。', 'No paper was found. Lay it flat under the camera so that all four edges can be seen.')
    case 'two-pages':
      return text('画面里有不止一张纸。请只放一张，其余的先拿开。', 'There is more than one paper. Leave only one and take the others away.')
    case 'cut-off':
      return text('纸张没有全部拍到。请往中间移，让四个角都在画面内。', 'Part of the paper is missing. Move it to the middle so that all four corners are in the picture.')
    case 'blank':
      return source === 'camera'
        ? text('这一面没有内容。请翻到有字的一面，朝上放。', 'There is nothing on this side. Turn the printed side up.')
        : text('这一面没有内容。请将有字的一面朝下放。', 'There is nothing on this side. Lay it with the printed side down.')
    case 'covered':
      return text('有手指或其他东西挡住了纸张。请把手拿开再拍。', 'A finger or something else covers the paper. Take your hands away, then take the picture.')
    case 'blurred':
      return source === 'camera'
        ? text('字迹模糊。请把纸放平，手不要动，再拍一次。', 'The print is blurred. Lay the paper flat, keep still, and take it again.')
        : text('字迹模糊。请把纸压平、盖好盖子，再扫描一次。', 'The print is blurred. Press the paper flat, close the lid, and scan again.')
    case 'glare':
      return text('纸上有反光，盖住了内容。请转动一下纸张，避开灯光。', 'Light is mirrored on the paper and hides what it says. Turn the paper a little away from the lamp.')
    case 'too-dark':
      return text('画面太暗。请不要挡住灯光。', 'The picture is too dark. Do not stand in the light.')
    case 'too-bright':
      return text('画面太亮，字迹发白。请移开强光。', 'The picture is too bright and the print is pale. Move away from strong light.')
    case 'too-small':
      return text('纸张在画面里太小，小字可能看不清。请放到正中，与画面同向。', 'The paper is small in the picture and fine print may be lost. Lay it in the middle, straight.')
    default:
      return unreachable(problem)
  }
}

/** What staff are told: where to look at the camera, the lamp and the desk. */
export function pageProblemStaffSentence(problem: PageProblem): LocalText {
  switch (problem) {
    case 'no-page':
      return text('没有找到纸张边缘：可能没有放纸，或台面与纸同色。可让群众自己定四角；换深色垫板更好。', 'No edges of a paper were found: nothing lies there, or the desk is as white as the paper. The corners can be set by hand; a dark mat helps.')
    case 'two-pages':
      return text('画面中有两张纸。', 'Two papers lie in the picture.')
    case 'cut-off':
      return text('纸张超出画面：检查高拍仪高度和定位框。', 'The paper reaches beyond the picture: check the height of the camera and the marks on its desk.')
    case 'blank':
      return text('纸面没有印刷内容。', 'Nothing is printed on the paper.')
    case 'covered':
      return text('纸张边缘有遮挡（肤色区域）。', 'Something skin-coloured comes in from the edge of the paper.')
    case 'blurred':
      return text('笔画边缘过宽：检查对焦、镜头清洁、支架是否晃动。', 'Edges of print are too wide: check focus, clean the lens, see whether the stand shakes.')
    case 'glare':
      return text('纸面有过曝斑：检查灯具角度。', 'A bleached patch lies on the paper: check the angle of the lamps.')
    case 'too-dark':
      return text('纸面亮度过低：检查补光灯和曝光。', 'The paper is too dark: check the lamp and the exposure.')
    case 'too-bright':
      return text('纸面过曝、字迹对比度低：检查曝光和窗外强光。', 'The paper is over-exposed and print has lost contrast: check exposure and light from windows.')
    case 'too-small':
      return text('纸面有效分辨率低于 200 dpi：检查高拍仪高度和分辨率设置。', 'The paper is seen at less than 200 dpi: check the height of the camera and its resolution.')
    default:
      return unreachable(problem)
  }
}

/** What a clerk is asked when the citizen went on with a picture that was not good enough. */
export function pageProblemQuestion(problem: PageProblem): LocalText {
  switch (problem) {
    case 'no-page':
      return text('图像中是否有材料？', 'Is there a paper in the picture?')
    case 'two-pages':
      return text('图像中有两张纸，材料是否看得全？', 'Two papers are in the picture: is the right one whole?')
    case 'cut-off':
      return text('纸张可能未拍全，内容是否完整？', 'The paper may be cut off: is everything there?')
    case 'blank':
      return text('纸面可能没有内容，是否放错了面？', 'The page may be blank: is it the wrong side?')
    case 'covered':
      return text('纸张有遮挡，被挡处是否要紧？', 'Part of the paper is covered: does it matter?')
    case 'blurred':
      return text('字迹模糊，是否看得清？', 'The print is blurred: can it be read?')
    case 'glare':
      return text('纸上有反光，被盖处是否要紧？', 'Light hides part of the paper: does it matter?')
    case 'too-dark':
      return text('图像偏暗，是否看得清？', 'The picture is dark: can it be read?')
    case 'too-bright':
      return text('图像过亮，是否看得清？', 'The picture is too bright: can it be read?')
    case 'too-small':
      return text('小字是否看得清？', 'Can the small print be read?')
    default:
      return unreachable(problem)
  }
}

/** What the machine is doing now, for the progress line. */
export function lookStageSentence(stage: LookStage): LocalText {
  switch (stage) {
    case 'decoding':
      return text('正在打开图片', 'Opening the picture')
    case 'finding':
      return text('正在找纸张的四边', 'Finding the edges of the paper')
    case 'straightening':
      return text('正在把纸张摆正', 'Straightening the paper')
    case 'judging':
      return text('正在检查是否清楚', 'Checking that it is clear')
    default:
      return unreachable(stage)
  }
}
