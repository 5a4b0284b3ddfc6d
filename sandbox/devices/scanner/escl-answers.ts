/** The XML that the virtual scanner says. Prefixes differ from the usual ones on purpose: a client must go by namespace. */
const NAMESPACES = 'xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="http://www.pwg.org/schemas/2010/12/sm"'

/** A4 and a little more, in 1/300 inch. */
const MAX_WIDTH = 2550
const MAX_HEIGHT = 3508

function inputCaps(dpi: number): string {
  return `<s:MinWidth>16</s:MinWidth><s:MaxWidth>${MAX_WIDTH}</s:MaxWidth><s:MinHeight>16</s:MinHeight><s:MaxHeight>${MAX_HEIGHT}</s:MaxHeight><s:MaxScanRegions>1</s:MaxScanRegions>
    <s:SettingProfiles><s:SettingProfile>
      <s:ColorModes><s:ColorMode>RGB24</s:ColorMode></s:ColorModes>
      <s:DocumentFormats><p:DocumentFormat>image/jpeg</p:DocumentFormat><s:DocumentFormatExt>image/jpeg</s:DocumentFormatExt></s:DocumentFormats>
      <s:SupportedResolutions><s:DiscreteResolutions><s:DiscreteResolution><s:XResolution>${dpi}</s:XResolution><s:YResolution>${dpi}</s:YResolution></s:DiscreteResolution></s:DiscreteResolutions></s:SupportedResolutions>
    </s:SettingProfile></s:SettingProfiles>`
}

export function capabilitiesXml(dpi: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<s:ScannerCapabilities ${NAMESPACES}>
  <p:Version>2.63</p:Version><p:MakeAndModel>Virtual flatbed with feeder</p:MakeAndModel><p:SerialNumber>VS0001</p:SerialNumber>
  <s:Platen><s:PlatenInputCaps>${inputCaps(dpi)}</s:PlatenInputCaps></s:Platen>
  <s:Adf><s:AdfSimplexInputCaps>${inputCaps(dpi)}</s:AdfSimplexInputCaps><s:FeederCapacity>50</s:FeederCapacity></s:Adf>
</s:ScannerCapabilities>
`
}

export interface JobAnswer {
  readonly path: string
  readonly state: 'Processing' | 'Completed' | 'Canceled' | 'Aborted'
  readonly reason: string
  readonly imagesCompleted: number
}

export function statusXml(state: 'Idle' | 'Processing' | 'Stopped', adf: string, jobs: readonly JobAnswer[]): string {
  const list = jobs.map((job) => `<s:JobInfo><p:JobUri>${job.path}</p:JobUri><p:ImagesCompleted>${job.imagesCompleted}</p:ImagesCompleted><p:JobState>${job.state}</p:JobState><p:JobStateReasons><p:JobStateReason>${job.reason}</p:JobStateReason></p:JobStateReasons></s:JobInfo>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<s:ScannerStatus ${NAMESPACES}><p:Version>2.63</p:Version><p:State>${state}</p:State><s:AdfState>${adf}</s:AdfState><s:Jobs>${list.join('')}</s:Jobs></s:ScannerStatus>
`
}

/** The source that the client's settings name, or undefined when they are no scan settings. */
export function sourceIn(settings: string): 'platen' | 'feeder' | undefined {
  if (!/<(?:\w+:)?ScanSettings[\s>]/.test(settings)) return undefined
  const source = /<(?:\w+:)?InputSource>\s*(\w+)\s*</.exec(settings)?.[1]
  return source === 'Feeder' ? 'feeder' : source === 'Platen' || source === undefined ? 'platen' : undefined
}
