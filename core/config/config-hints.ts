import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

const SUM = text('文件的 SHA-256，64 位小写十六进制', 'the SHA-256 of the file, 64 lower-case hexadecimal digits')

/**
 * What may stand at a place of the configuration whose rule is a pattern: a regular expression is no help to a person.
 * Keyed by path with `[]` for any place in a list; a test proves that every pattern of the schema has a line here.
 */
export const CONFIG_HINTS: Readonly<Record<string, LocalText>> = {
  'terminal.id': text('4 到 40 位大写字母、数字或短横线，例如 DEMO-990101-0001', '4 to 40 capital letters, digits or hyphens, for example DEMO-990101-0001'),
  'terminal.region': text('六位行政区划代码，例如 990101', 'the six digits of the region code, for example 990101'),
  'hours.open': text('24 小时制的时间，例如 08:30', 'a time of day on the 24-hour clock, for example 08:30'),
  'hours.close': text('24 小时制的时间，例如 17:30', 'a time of day on the 24-hour clock, for example 17:30'),
  'devices[].id': text('1 到 40 位小写字母、数字或短横线，例如 card-reader', '1 to 40 small letters, digits or hyphens, for example card-reader'),
  'devices[].address.url': text('http:// 或 https:// 开头的地址（A4 打印机也可以用 ipp:// 或 ipps://），例如 http://192.168.1.20/eSCL 或 ipp://192.168.1.22/ipp/print', 'an address that begins with http:// or https:// (for A4 printers also ipp:// or ipps://), for example http://192.168.1.20/eSCL or ipp://192.168.1.22/ipp/print'),
  'staff.bundleRecipient': text('age 公钥，age1 开头，由打开诊断包的部门提供', 'a public age key, beginning with age1, of the office that opens the bundles'),
  'backend.url': text('http:// 或 https:// 开头的地址，例如 https://one-window.example/api', 'an address that begins with http:// or https://, for example https://one-window.example/api'),
  'repository.url': text('http:// 或 https:// 开头的地址，例如 https://packs.example/repository', 'an address that begins with http:// or https://, for example https://packs.example/repository'),
  'reading.models.detection.sha256': SUM,
  'reading.models.recognition.sha256': SUM,
  'reading.models.direction.sha256': SUM,
  'reading.models.dictionary.sha256': SUM,
}
