/** Path of a browser to drive; `undefined` when there is none. */
export function findBrowser(): string | undefined
/** As root on Debian or Ubuntu: installs packages that are missing. Answers whether they are there now. */
export function installDebianPackages(names: readonly string[]): Promise<boolean>
/** Makes sure that a browser is there; rejects with a sentence that says what to install. */
export function ensureBrowser(): Promise<void>
