/** GB/T 2260: the first two digits of a division code, and the full name as it opens an address. */
const PROVINCES: Readonly<Record<string, string>> = {
  '11': '北京市', '12': '天津市', '13': '河北省', '14': '山西省', '15': '内蒙古自治区', '21': '辽宁省', '22': '吉林省', '23': '黑龙江省', '31': '上海市',
  '32': '江苏省', '33': '浙江省', '34': '安徽省', '35': '福建省', '36': '江西省', '37': '山东省', '41': '河南省', '42': '湖北省', '43': '湖南省',
  '44': '广东省', '45': '广西壮族自治区', '46': '海南省', '50': '重庆市', '51': '四川省', '52': '贵州省', '53': '云南省', '54': '西藏自治区',
  '61': '陕西省', '62': '甘肃省', '63': '青海省', '64': '宁夏回族自治区', '65': '新疆维吾尔自治区', '71': '台湾省', '81': '香港特别行政区', '82': '澳门特别行政区',
}
/** What demonstration papers name in the place of a province. */
const DEMONSTRATION = ['示范省', '示范自治区']
const NAMES: ReadonlySet<string> = new Set([...Object.values(PROVINCES), ...DEMONSTRATION])

/**
 * First digits of person numbers beyond the provinces: 83 stands for residents from Taiwan with a residence permit, 9 for
 * foreigners with a permanent resident card of 2023. 99 was never given to a place; demonstration papers use it.
 */
const OTHER_REGIONS: ReadonlySet<string> = new Set(['83', '91', '92', '93', '94', '95', '96', '97', '98', '99'])

/** Whether a person number may begin with these two digits. */
export function isPersonRegion(code: string): boolean {
  return code in PROVINCES || OTHER_REGIONS.has(code)
}

/**
 * What opens the address in the form of a province's name (河南省, 内蒙古自治区), or undefined where an address begins with
 * a city or a street. No other division of the country carries these endings so near to the beginning.
 */
export function provinceIn(address: string): { readonly name: string; readonly known: boolean } | undefined {
  const name = /^\p{Script=Han}{2,3}省|^\p{Script=Han}{2,5}(?:自治区|特别行政区)/u.exec(address)?.[0]
  return name === undefined ? undefined : { name, known: NAMES.has(name) }
}
