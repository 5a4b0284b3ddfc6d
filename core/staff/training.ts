/** Trying a reading on a picture that staff put into one folder of the terminal: rules that page and kiosk share. */

export const LARGEST_TRAINING_PICTURE_BYTES = 30_000_000
/** Plain names only: no separators, no leading dot, nothing that a shell or a screen takes for something else. */
export const TRAINING_PICTURE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._()（）-]{0,99}\.(?:jpe?g|png)$/iu
/** Instead of the id of a document kind: whatever the terminal knows. */
export const ANY_PAPER = 'any'

/** How a try ended: our own codes, for the journal and the log. */
export const TRAINING_CODES = [
  'read', 'cancelled', 'no-page', 'blank-page', 'other-document', 'picture-unreadable', 'too-slow', 'reader-failed',
  'file-gone', 'file-link', 'file-too-large', 'file-no-picture',
] as const
export type TrainingCode = (typeof TRAINING_CODES)[number]

/** Whether the machine did its part: a wrong paper that is named is what was to be seen, a reader that fails is not. */
export function hasWorked(code: TrainingCode): boolean {
  switch (code) {
    case 'read':
    case 'cancelled':
    case 'no-page':
    case 'blank-page':
    case 'other-document':
      return true
    case 'picture-unreadable':
    case 'too-slow':
    case 'reader-failed':
    case 'file-gone':
    case 'file-link':
    case 'file-too-large':
    case 'file-no-picture':
      return false
  }
}
