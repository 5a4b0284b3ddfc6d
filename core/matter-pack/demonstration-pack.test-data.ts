import header from '../../assets/packs/demo-990101/pack.json' with { type: 'json' }
import m01golden from '../../assets/packs/demo-990101/matters/M01.golden.json' with { type: 'json' }
import m01 from '../../assets/packs/demo-990101/matters/M01.json' with { type: 'json' }
import m05golden from '../../assets/packs/demo-990101/matters/M05.golden.json' with { type: 'json' }
import m05 from '../../assets/packs/demo-990101/matters/M05.json' with { type: 'json' }
import m12golden from '../../assets/packs/demo-990101/matters/M12.golden.json' with { type: 'json' }
import m12 from '../../assets/packs/demo-990101/matters/M12.json' with { type: 'json' }

/** The demonstration pack as its folder is joined, for tests in `core`, which may not read files. */
export const DEMONSTRATION_PACK: unknown = { ...header, matters: [{ ...m01, golden: m01golden }, { ...m05, golden: m05golden }, { ...m12, golden: m12golden }] }
