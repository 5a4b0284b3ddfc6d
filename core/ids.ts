declare const brand: unique symbol
type Branded<T, B extends string> = T & { readonly [brand]: B }

/** 公民身份号码: 18 characters that have passed the GB 11643 check. */
export type CitizenId = Branded<string, 'CitizenId'>
/** The 15 characters of a foreigner's permanent residence card of 2017: three letters and twelve digits. No check rule is public. */
export type PermanentResidentNumber = Branded<string, 'PermanentResidentNumber'>
/** 统一社会信用代码: 18 characters that have passed the GB 32100 check. */
export type CreditCode = Branded<string, 'CreditCode'>
/** 办件编号 as the one-window backend gave it. */
export type CaseNumber = Branded<string, 'CaseNumber'>
/** The number a citizen gets when the backend has not answered yet; only this terminal knows it. */
export type LocalNumber = Branded<string, 'LocalNumber'>
/** One UUID per submission, the same from the first try through every retry. */
export type IdempotencyKey = Branded<string, 'IdempotencyKey'>
export type TerminalId = Branded<string, 'TerminalId'>
export type DeviceId = Branded<string, 'DeviceId'>
