import type { AbortSignalLike } from '../../../core/clock/clock.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import { UPLOAD_PIECE_MAX_BYTES, type UploadManifest } from '../../../core/one-window/types.ts'
import { err, ok, type Result } from '../../../core/result/result.ts'

export interface UploadProgress {
  readonly uploadId: string | undefined
  readonly offset: number
}

export interface UploadRequest {
  readonly client: Pick<OneWindowClient, 'createUpload' | 'getUploadOffset' | 'putUploadPiece'>
  readonly manifest: UploadManifest
  readonly bytes: Uint8Array
  /** Where an earlier try stopped. The backend's own offset is asked for and counts. */
  readonly from: UploadProgress
  /** Durable when it resolves; called before the next piece goes out. */
  readonly remember: (progress: UploadProgress) => Promise<void>
  readonly signal: AbortSignalLike
}

/** A backend that loses uploads again and again is not asked for ever within one try. */
const MOST_RESTARTS = 3

/**
 * Brings one file to the backend in pieces of at most 2 MiB, going on where an earlier try stopped, also one of an earlier
 * life of this program. An upload that the backend no longer keeps (404, 410) begins anew with the same attachment id.
 */
export async function uploadInPieces(request: UploadRequest): Promise<Result<void, OneWindowError>> {
  const { client, manifest, bytes, remember, signal } = request
  let { uploadId } = request.from
  let last: OneWindowError | undefined
  for (let restarts = 0; restarts <= MOST_RESTARTS; restarts++) {
    const begun = uploadId === undefined ? await begin() : await ask(uploadId)
    if (!begun.ok) {
      if (!isGone(begun.error)) return begun
      last = begun.error
      uploadId = undefined
      continue
    }
    uploadId = begun.value.uploadId
    const sent = await sendPieces(uploadId, begun.value.offset)
    if (sent.ok) return sent
    if (sent.error.kind === 'conflict' && sent.error.code === 'offset-mismatch') {
      last = sent.error
      continue
    }
    if (!isGone(sent.error)) return sent
    last = sent.error
    uploadId = undefined
  }
  return err(last ?? { kind: 'bad-answer', status: 200, where: 'upload' })

  async function begin(): Promise<Result<{ readonly uploadId: string; readonly offset: number }, OneWindowError>> {
    const made = await client.createUpload(manifest, { signal })
    if (!made.ok) return made
    await remember({ uploadId: made.value.uploadId, offset: made.value.offset })
    return ok({ uploadId: made.value.uploadId, offset: made.value.offset })
  }

  async function ask(id: string): Promise<Result<{ readonly uploadId: string; readonly offset: number }, OneWindowError>> {
    const offset = await client.getUploadOffset(id, { signal })
    return offset.ok ? ok({ uploadId: id, offset: offset.value }) : offset
  }

  async function sendPieces(id: string, from: number): Promise<Result<void, OneWindowError>> {
    let offset = from
    while (offset < bytes.length) {
      const piece = bytes.subarray(offset, Math.min(bytes.length, offset + UPLOAD_PIECE_MAX_BYTES))
      const stored = await client.putUploadPiece(id, offset, piece, { signal })
      if (!stored.ok) return stored
      // An offset that does not move on by this piece would make the loop endless or skip bytes.
      if (stored.value !== offset + piece.length) return err({ kind: 'bad-answer', status: 204, where: 'Upload-Offset' })
      offset = stored.value
      await remember({ uploadId: id, offset })
    }
    return offset === bytes.length ? ok(undefined) : err({ kind: 'bad-answer', status: 200, where: 'Upload-Offset' })
  }
}

/** `upload-content-differs` drops the upload at the backend as well, so it is begun anew like one that is gone. */
function isGone(error: OneWindowError): boolean {
  return error.kind === 'refused' && (error.code === 'not-found' || error.code === 'upload-gone' || error.code === 'upload-content-differs')
}
