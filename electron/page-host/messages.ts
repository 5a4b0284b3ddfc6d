/** What the page host says to the process that started it, over Node's IPC channel. */
export type FromPageHost =
  /** A fresh address of the page; the first one means that the terminal is ready. */
  | { readonly type: 'address'; readonly url: string }
  | { readonly type: 'refused'; readonly sentence: string }
  | { readonly type: 'log'; readonly line: string }

/** What it can be asked. */
export type ToPageHost = { readonly type: 'new-address' }

/** With this code the page host asks whoever started it to start it again: `EX_TEMPFAIL`, as the Electron shell does. */
export const RESTART_EXIT_CODE = 75
