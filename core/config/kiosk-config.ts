import { z } from 'zod'
import { languageSchema, localTextSchema } from '../text/local-text.ts'

/**
 * `kiosk.config.json`: everything that differs from one terminal to the next, in one file. The JSON Schema in
 * `assets/schemas/kiosk-config.schema.json` is generated from this one.
 */
const port = z.int().min(1).max(65535)
const host = z.string().min(1)

/** 8 data bits, no parity, 1 stop bit, no flow control, for every device of this class so far. */
export const serialAddressSchema = z.strictObject({
  kind: z.literal('serial'),
  path: z.string().min(1).describe('Stable path of the port, for example /dev/serial/by-id/… or COM3'),
  baud: z.union([z.literal('probe'), z.literal(115200), z.literal(57600), z.literal(38400), z.literal(19200), z.literal(9600)]).default('probe'),
})
export const tcpAddressSchema = z.strictObject({ kind: z.literal('tcp'), host, port })
export const hidAddressSchema = z.strictObject({
  kind: z.literal('hid'),
  vendorId: z.int().min(0).max(0xffff),
  productId: z.int().min(0).max(0xffff),
  serialNumber: z.string().optional(),
  envelope: z.enum(['raw', 'miaxis', 'deke']).describe('How the reader wraps frames in reports (envelopes A, C, D)'),
  reportBytes: z.int().min(8).max(1024).default(64),
  reportId: z.int().min(0).max(255).default(0),
})

const common = { id: z.string().regex(/^[a-z0-9-]{1,40}$/), name: localTextSchema.optional() }

export const idCardReaderConfigSchema = z.strictObject({
  ...common,
  class: z.literal('id-card'),
  address: z.discriminatedUnion('kind', [serialAddressSchema, tcpAddressSchema, hidAddressSchema]),
})
export const receiptPrinterConfigSchema = z.strictObject({
  ...common,
  class: z.literal('receipt-printer'),
  address: z.discriminatedUnion('kind', [serialAddressSchema, tcpAddressSchema]),
  profile: z.string().min(1).describe('Name of a printer profile in assets/printers'),
})
export const documentScannerConfigSchema = z.strictObject({
  ...common,
  class: z.literal('document-scanner'),
  address: z.strictObject({ kind: z.literal('escl'), url: z.url({ protocol: /^https?$/ }) }),
  dpi: z.union([z.literal(200), z.literal(300)]).default(300),
})
export const deviceConfigSchema = z.discriminatedUnion('class', [idCardReaderConfigSchema, receiptPrinterConfigSchema, documentScannerConfigSchema])

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const kioskConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  terminal: z.strictObject({
    id: z.string().regex(/^[A-Z0-9-]{4,40}$/),
    name: localTextSchema,
    hall: localTextSchema,
    address: localTextSchema,
    /** 行政区划代码, six digits. */
    region: z.string().regex(/^\d{6}$/),
    demonstration: z.boolean().default(false).describe('Marks every screen and receipt as a demonstration'),
  }),
  dataFolder: z.string().min(1).describe('Everything the terminal keeps lives here; relative paths start at this file'),
  screen: z.strictObject({
    widthPx: z.int().min(640), heightPx: z.int().min(640),
    widthMm: z.number().positive(), heightMm: z.number().positive(),
  }),
  languages: z.array(languageSchema).min(1).default(['zh-CN', 'en']),
  hours: z.strictObject({ open: timeOfDay, close: timeOfDay }).or(z.literal('24h')).default('24h'),
  contact: z.strictObject({ phone: z.string().min(3), note: localTextSchema }),
  devices: z.array(deviceConfigSchema).superRefine((devices, ctx) => {
    const seen = new Set<string>()
    devices.forEach((device, index) => {
      if (seen.has(device.id)) ctx.addIssue({ code: 'custom', path: [index, 'id'], message: `the id "${device.id}" is used twice; give each device its own` })
      seen.add(device.id)
    })
  }),
  backend: z.strictObject({ url: z.url({ protocol: /^https?$/ }), timeoutMs: z.int().min(500).default(10_000) }),
  repository: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    /** The root of trust that this terminal was delivered with. */
    rootFile: z.string().min(1),
    refreshSeconds: z.int().min(1).default(300),
  }),
  /** A page that takes longer to read is given up, and the citizen types. */
  reading: z.strictObject({ pageLimitSeconds: z.int().min(5).max(120).default(10) }).prefault({}),
  pageHost: z.strictObject({ port: z.union([z.literal('auto'), port]).default('auto') }).prefault({}),
  shell: z.strictObject({
    window: z.enum(['kiosk', 'fullscreen', 'window']).default('kiosk').describe('How the Electron shell shows the page; "window" is for a desk, not for a hall'),
    supervised: z.boolean().default(true).describe('systemd or Shell Launcher starts the program again when it ends'),
  }).optional(),
})

export type KioskConfig = z.infer<typeof kioskConfigSchema>
export type DeviceConfig = z.infer<typeof deviceConfigSchema>
export type IdCardReaderConfig = z.infer<typeof idCardReaderConfigSchema>
export type ReceiptPrinterConfig = z.infer<typeof receiptPrinterConfigSchema>
export type DocumentScannerConfig = z.infer<typeof documentScannerConfigSchema>
export type SerialAddress = z.infer<typeof serialAddressSchema>
export type TcpAddress = z.infer<typeof tcpAddressSchema>
export type HidAddress = z.infer<typeof hidAddressSchema>
