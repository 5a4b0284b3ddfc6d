import { z } from 'zod'
import { DEFAULT_ENGINE_SETTINGS, ENGINE_NAMES } from '../document/engine-settings.ts'
import { languageSchema, localTextSchema } from '../text/local-text.ts'
import { deviceMistakes } from './device-mistakes.ts'

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
  envelope: z.enum(['raw', 'miaxis', 'deke', 'stx']).describe('How the reader wraps frames in reports (envelopes A, C, D, E)'),
  reportBytes: z.int().min(8).max(1024).default(64),
  reportId: z.int().min(0).max(255).default(0),
})

/** USB in bulk (0400:C35A and its kin), without a driver of the operating system in between. */
export const usbAddressSchema = z.strictObject({
  kind: z.literal('usb'),
  vendorId: z.int().min(0).max(0xffff).default(0x0400),
  productId: z.int().min(0).max(0xffff).default(0xc35a),
  serialNumber: z.string().optional(),
  pipes: z.enum(['auto', 'four', 'pair', 'control']).default('auto').describe('Four pipes (head and rest apart), one pair, or SET_REPORT/GET_REPORT on endpoint 0 (envelope B)'),
})

/** What a device lets the terminal do; matters and the idle screen speak of these. */
export const ABILITIES = ['identify', 'scan-code', 'read-social-card', 'print-receipt', 'print-pages', 'scan-pages'] as const
export type Ability = (typeof ABILITIES)[number]

const common = {
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: localTextSchema.optional(),
  /** What rests on this device. Left out: everything that its class can do. Empty: it is watched, and nothing rests on it. */
  serves: z.array(z.enum(ABILITIES)).optional().describe('What depends on this device; left out: all that its class can do'),
}

export const idCardReaderConfigSchema = z.strictObject({
  ...common,
  class: z.literal('id-card'),
  address: z.discriminatedUnion('kind', [serialAddressSchema.extend({ envelope: z.enum(['none', 'stx']).default('none').describe('`stx` for multi-in-one readers that do not speak the SAM frame (envelope E)') }), tcpAddressSchema, hidAddressSchema, usbAddressSchema]),
  additionalAddress: z.boolean().default(false).describe('Also read the newer addresses that a card may hold (command 30 03)'),
})
export const codeScannerConfigSchema = z.strictObject({
  ...common,
  class: z.literal('code-scanner'),
  address: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('hid-pos'),
      vendorId: z.int().min(0).max(0xffff),
      productId: z.int().min(0).max(0xffff),
      serialNumber: z.string().optional(),
      layout: z.enum(['standard', 'newland']).default('standard').describe('Where data begins in a report: after the AIM identifier, or at byte 2'),
    }),
    z.strictObject({
      kind: z.literal('serial'),
      path: z.string().min(1),
      baud: z.union([z.literal(115200), z.literal(57600), z.literal(38400), z.literal(19200), z.literal(9600)]).default(9600),
      terminator: z.enum(['cr', 'lf', 'crlf']).default('cr'),
    }),
    z.strictObject({ kind: z.literal('tcp'), host, port, terminator: z.enum(['cr', 'lf', 'crlf']).default('cr') }),
    /** Types into the page, which tells its fast keys from a person's. Last choice. */
    z.strictObject({ kind: z.literal('keyboard') }),
  ]),
})
export const socialCardConfigSchema = z.strictObject({
  ...common,
  class: z.literal('social-card'),
  address: z.strictObject({ kind: z.literal('pcsc'), reader: z.string().min(1).optional().describe('Part of the reader\u2019s name; left out: the first reader') }),
})
const printerSerialSchema = serialAddressSchema.extend({
  flow: z.enum(['none', 'rts-cts', 'xon-xoff']).default('none'),
  parity: z.enum(['none', 'odd', 'even']).default('none'),
})
export const receiptPrinterConfigSchema = z.strictObject({
  ...common,
  class: z.literal('receipt-printer'),
  address: z.discriminatedUnion('kind', [printerSerialSchema, tcpAddressSchema, z.strictObject({ kind: z.literal('usb-printer'), path: z.string().min(1).describe('Node of the printer class driver, for example /dev/usb/lp0') })]),
  profile: z.string().min(1).describe('Name of a printer profile in assets/printers'),
})
export const pagePrinterConfigSchema = z.strictObject({
  ...common,
  class: z.literal('page-printer'),
  address: z.strictObject({ kind: z.literal('ipp'), url: z.url({ protocol: /^(ipps?|https?)$/ }).describe('The printer itself, or a queue of the local CUPS') }),
  via: z.enum(['printer', 'cups']).default('printer').describe('CUPS counts what its filters passed on; its count of pages is no proof'),
  duplex: z.boolean().default(false),
})
export const documentScannerConfigSchema = z.strictObject({
  ...common,
  class: z.literal('document-scanner'),
  address: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('escl'), url: z.url({ protocol: /^https?$/ }) }),
    z.strictObject({ kind: z.literal('sane'), device: z.string().min(1).describe('SANE name as `scanimage -L` tells it'), configFolder: z.string().min(1).optional().describe('SANE_CONFIG_DIR: only the drivers named there are loaded'), program: z.string().min(1).default('scanimage') }),
  ]),
  dpi: z.union([z.literal(200), z.literal(300)]).default(300),
  feeder: z.boolean().default(true).describe('Whether the scanner has a feeder for several pages'),
})
/** A document camera (高拍仪) belongs to the page: the browser opens it, and tells the kiosk how it is. */
export const documentCameraConfigSchema = z.strictObject({
  ...common,
  class: z.literal('document-camera'),
  address: z.strictObject({ kind: z.literal('camera'), label: z.string().min(1).optional().describe('Part of the camera\u2019s label, for example its USB id 1b17:0211; left out: the only camera') }),
})
export const deviceConfigSchema = z.discriminatedUnion('class', [
  idCardReaderConfigSchema, codeScannerConfigSchema, socialCardConfigSchema, receiptPrinterConfigSchema, pagePrinterConfigSchema, documentScannerConfigSchema, documentCameraConfigSchema,
])

/** A file that runs only when it is exactly the one that was meant. */
const sealedFileSchema = z.strictObject({
  file: z.string().min(1).describe('Relative paths start at this file'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

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
    for (const { path, remark, allowed } of deviceMistakes(devices)) ctx.addIssue({ code: 'custom', path: [...path], message: remark.en, params: { remark, allowed } })
  }),
  backend: z.strictObject({ url: z.url({ protocol: /^https?$/ }), timeoutMs: z.int().min(500).default(10_000) }),
  repository: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    /** The root of trust that this terminal was delivered with. */
    rootFile: z.string().min(1),
    refreshSeconds: z.int().min(1).default(300),
  }),
  /** How pages are read. A page that takes longer than the limit is given up, and the citizen types. */
  reading: z.strictObject({
    pageLimitSeconds: z.int().min(5).max(120).default(10),
    engines: z.array(z.enum(ENGINE_NAMES)).min(1).default([...DEFAULT_ENGINE_SETTINGS.engines]).describe('Text engines in the order in which they are tried; the next one runs where one does not load'),
    threads: z.int().min(1).max(16).default(DEFAULT_ENGINE_SETTINGS.threads).describe('Threads that one recognition uses'),
    models: z.strictObject({
      detection: sealedFileSchema,
      recognition: sealedFileSchema,
      direction: sealedFileSchema,
      dictionary: sealedFileSchema.describe('One sign per line, in the order of the recognition model'),
    }).optional().describe('Other PP-OCR weights (ONNX) than those that come with the program'),
  }).prefault({}),
  /** Who may open the staff page, and for whom its diagnostic bundles are. */
  staff: z.strictObject({
    accountsFile: z.string().min(1).describe('staff.json: numbers, roles, PIN hashes; relative paths start at this file'),
    bundleRecipient: z.string().regex(/^age1[a-z0-9]{20,}$/).optional().describe('Public age key of the office that opens diagnostic bundles; left out: bundles cannot be made'),
  }).optional(),
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
export type CodeScannerConfig = z.infer<typeof codeScannerConfigSchema>
export type SocialCardConfig = z.infer<typeof socialCardConfigSchema>
export type PagePrinterConfig = z.infer<typeof pagePrinterConfigSchema>
export type DocumentCameraConfig = z.infer<typeof documentCameraConfigSchema>
export type UsbAddress = z.infer<typeof usbAddressSchema>
export type DocumentScannerConfig = z.infer<typeof documentScannerConfigSchema>
export type SerialAddress = z.infer<typeof serialAddressSchema>
export type TcpAddress = z.infer<typeof tcpAddressSchema>
export type HidAddress = z.infer<typeof hidAddressSchema>
