import { z } from 'zod'

/**
 * What a region offers to its terminals now: a small file, signed apart from the releases, at
 * `channels/<region>/stable.json`. The generation only rises; an older release is offered again by a new generation.
 */
export const channelSchema = z.strictObject({
  generation: z.int().min(1),
  /** Path of the release among the targets, `matter/<region>/<id>-<version>.json`. */
  pack: z.string().regex(/^matter\/\d{6}\/[a-zA-Z0-9.-]{1,120}\.json$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Channel = z.infer<typeof channelSchema>

export function channelPath(region: string): string {
  return `channels/${region}/stable.json`
}
