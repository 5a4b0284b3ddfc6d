import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** Why a file of the training folder was not taken. */
export const TRAINING_FILE_SENTENCES: Readonly<Record<'file-gone' | 'file-link' | 'file-too-large' | 'file-no-picture', LocalText>> = {
  'file-gone': text('这个文件打不开或已不在了，请重新选择。', 'This file cannot be opened or is gone. Choose another one.'),
  'file-link': text('这是链接，不是普通文件，不能使用。请放入文件本身。', 'This is a link and no plain file, so it is not used. Put the file itself there.'),
  'file-too-large': text('文件超过 30 MB，不能使用。', 'The file is larger than 30 MB and is not used.'),
  'file-no-picture': text('文件里不是 JPEG 或 PNG 图片，不能使用。', 'The file holds no JPEG or PNG picture and is not used.'),
}

/** The edges were not sure enough to straighten anything. */
export const UNSURE_EDGES: LocalText = text('没有把握纸边在哪里：办事时会请群众自己拖动四角。试读到此为止。', 'It is not sure where the edges are: a citizen would set the corners by hand. The try ends here.')
/** No paper was found. */
export const NO_PAGE: LocalText = text('图片里没有找到纸张，没有识别文字。', 'No paper was found in the picture, so no text was read.')
/** Reading `any` found none of the known papers. */
export const NO_KNOWN_PAPER: LocalText = text('没有认出这是本机认识的哪一种材料。', 'This is none of the papers that this terminal knows.')
export const OPENING: LocalText = text('正在打开图片', 'Opening the picture')
