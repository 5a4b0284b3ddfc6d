import type { ServiceFactories } from './host.ts'

/**
 * The drivers, each loaded when the first device of its class is configured: a native binding that is missing or broken
 * concerns only the devices that need it, and a terminal without such a device never touches it.
 */
export const DRIVERS: ServiceFactories = {
  idCard: async (config, tools) => (await import('../id-card/service.ts')).createIdCardReader(config, tools),
  codeScanner: async (config, tools) => (await import('../code-scanner/service.ts')).createCodeScanner(config, tools),
  socialCard: async (config, tools) => (await import('../social-card/service.ts')).createSocialCardReader(config, tools),
  receiptPrinter: async (config, tools) => (await import('../receipt-printer/service.ts')).createReceiptPrinter(config, tools),
  pagePrinter: async (config, tools) => (await import('../page-printer/service.ts')).createPagePrinter(config, tools),
  documentScanner: async (config, tools) => (await import('../document-scanner/service.ts')).createDocumentScanner(config, tools),
}
