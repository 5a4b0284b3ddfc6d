/** Another implementation of IPP, against which ours is checked; its package has no types. */
declare module 'ipp-encoder' {
  interface Decoded {
    readonly version: { readonly major: number; readonly minor: number }
    readonly operationId: number
    readonly requestId: number
    readonly groups: readonly { readonly tag: number; readonly attributes: readonly { readonly tag: number; readonly name: string; readonly value: readonly unknown[] }[] }[]
  }
  const ippEncoder: { readonly request: { decode(bytes: Buffer): Decoded } }
  export default ippEncoder
}
