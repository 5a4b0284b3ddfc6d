import type { JourneyContext } from './context.ts'

/** A card that the security module refused is not tried again from this screen: staff look at it (facts on the ID card reader). */
export function isRetryable(error: JourneyContext['card']['error']): boolean {
  return error !== undefined && error.kind !== 'card-refused'
}
