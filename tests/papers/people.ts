import { citizenIdCheckCharacter } from '../../core/identity/citizen-id.ts'
import { creditCodeCheckCharacter, organisationCheckCharacter } from '../../core/identity/credit-code.ts'
import type { Chance } from './chance.ts'

/**
 * Invented people, firms and places. Person numbers carry a region that was never issued (a province code with four
 * zeros, or 990101), telephones the never assigned block 0000, organisation codes a stem of letters; all check characters
 * are right, because a reader that checks them must find them right.
 */

export interface Person {
  readonly name: string
  readonly sex: '男' | '女'
  readonly nation: string
  /** `YYYY-MM-DD`. */
  readonly birth: string
  readonly number: string
  readonly phone: string
  readonly address: string
  /** The name holds a sign that few fonts and few readers know. */
  readonly rareName: boolean
}

export interface PersonWish {
  readonly sex?: '男' | '女'
  readonly bornFrom?: number
  readonly bornTo?: number
  readonly rareName?: boolean
}

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文', '欧阳', '上官', '司马', '诸葛', '皇甫']
const GIVEN_MALE = [...'伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭亮东峰志国建文博毅翔哲睿轩宏昊泽铭瀚楠森林岩松柏恒瑞嘉诚源']
const GIVEN_FEMALE = [...'芳娜敏静丽艳娟霞秀燕玲桂英兰红梅雪倩颖琳慧婷雯莹欣怡梦瑶洁萍蓉薇菲佳蕾晶琴云珍凤琼丹璐妍彤涵钰婉馨岚']
const GIVEN_ANY = [...'子晓春小文一思雨佳志玉永德海新成立光明正世家学天安康宁远清和兴庆福祥荣芝若沐辰']
/** In the model's dictionary of none of the usual readers; see the facts on rare signs. */
const RARE_GIVEN = [...'翀骉翾鬯䶮㛃㬎㙦佴侴偰儇亖']

const MINORITY_NAMES: readonly { readonly nation: string; readonly names: readonly string[] }[] = [
  { nation: '维吾尔', names: ['买买提·吐尔逊', '阿依古丽·艾合买提', '古丽娜尔·阿布都拉', '艾尼瓦尔·卡德尔', '热依汗古丽·玉素甫', '吐尔洪江·买合木提', '阿布都热合曼·依明'] },
  { nation: '哈萨克', names: ['叶尔兰·别克', '阿依努尔·托合塔尔', '巴合提古丽·哈里', '加尔肯·努尔兰'] },
  { nation: '藏', names: ['扎西次仁', '多吉旺堆', '央金卓玛', '格桑曲珍', '洛桑', '次旦平措', '德吉'] },
  { nation: '彝', names: ['吉克阿牛', '阿西木果', '沙马伍各', '曲比尔古'] },
  { nation: '蒙古', names: ['巴特尔', '乌兰图雅', '格日勒图', '其其格'] },
  { nation: '朝鲜', names: ['金成哲', '朴美善', '崔英爱'] },
]
const NATIONS = ['壮', '回', '苗', '满', '土家', '布依', '瑶', '侗', '白', '傣', '黎', '畲', '仡佬', '羌', '达斡尔', '锡伯']

const PROVINCE_CODES = ['11', '13', '21', '31', '32', '33', '34', '35', '36', '37', '41', '42', '43', '44', '45', '50', '51', '52', '53', '61', '62', '63', '64', '65']

const CITIES = ['示范市示范区', '示范市明德区', '示范市清河区', '示范省新安市东城区', '示范省长宁市', '示范省江南市滨湖区', '示例县', '示范市南山县', '示例自治州云岭县', '示范自治区北原市']
const ROADS = ['柳林路', '长宁路', '青年路', '育才路', '人民东路', '解放大道', '建设北街', '和平巷', '滨河大道', '文化街', '朝阳路', '新华西路', '梧桐街', '学府路', '桃园里', '槐荫街', '幸福大街', '金桥路', '迎宾大道', '翠竹路']
const COMMUNITIES = ['锦绣花园', '阳光家园', '绿洲小区', '怡和苑', '书香门第', '碧水云天', '盛世华庭', '丽景嘉园', '馨园', '御景湾']
const TOWNS = ['青石镇', '柳树乡', '大河镇', '白云乡', '龙泉镇', '双桥镇', '石板乡', '红旗镇']
const VILLAGES = ['柳树湾村', '东岗村', '上河村', '杨家坪村', '桃花源村', '石门坎村', '高桥村', '三合村']

export function person(chance: Chance, wish: PersonWish = {}): Person {
  const sex = wish.sex ?? chance.pick(['男', '女'] as const)
  const rareName = wish.rareName ?? false
  const birth = dateBetween(chance, wish.bornFrom ?? 1945, wish.bornTo ?? 2006)
  const { name, nation } = nameAndNation(chance, sex, rareName)
  return { name, sex, nation, birth, number: citizenId(chance, birth, sex), phone: phone(chance), address: address(chance), rareName }
}

function nameAndNation(chance: Chance, sex: '男' | '女', rareName: boolean): { readonly name: string; readonly nation: string } {
  if (!rareName && chance.happens(0.1)) {
    const people = chance.pick(MINORITY_NAMES)
    return { name: chance.pick(people.names), nation: people.nation }
  }
  const surname = chance.pick(SURNAMES)
  const given = sex === '男' ? GIVEN_MALE : GIVEN_FEMALE
  const last = rareName ? chance.pick(RARE_GIVEN) : chance.pick(given)
  const middle = chance.happens(0.75) ? chance.pick(chance.happens(0.5) ? GIVEN_ANY : given) : ''
  return { name: `${surname}${middle}${last}`, nation: chance.happens(0.12) ? chance.pick(NATIONS) : '汉' }
}

function citizenId(chance: Chance, birth: string, sex: '男' | '女'): string {
  const region = chance.happens(0.3) ? '990101' : `${chance.pick(PROVINCE_CODES)}0000`
  const order = chance.digits(2)
  const first17 = `${region}${birth.replaceAll('-', '')}${order}${chance.whole(0, 4) * 2 + (sex === '男' ? 1 : 0)}`
  return first17 + citizenIdCheckCharacter(first17)
}

export function phone(chance: Chance): string {
  return `1${chance.pick(['30', '33', '35', '36', '38', '39', '50', '52', '58', '59', '77', '80', '86', '88', '89'])}0000${chance.digits(4)}`
}

/** A street address in a town, or one in a village; about one in four is too long for one line of a form. */
export function address(chance: Chance): string {
  const city = chance.pick(CITIES)
  if (chance.happens(0.25)) return `${city}${chance.pick(TOWNS)}${chance.pick(VILLAGES)}${chance.whole(1, 12)}组${chance.whole(1, 180)}号`
  const house = `${chance.pick(ROADS)}${chance.whole(1, 399)}号`
  const community = chance.happens(0.45) ? chance.pick(COMMUNITIES) : ''
  const building = chance.happens(0.8) ? `${chance.whole(1, 28)}${chance.pick(['幢', '栋', '号楼'])}` : ''
  const entrance = building !== '' && chance.happens(0.5) ? `${chance.whole(1, 4)}单元` : ''
  const room = building === '' ? '' : `${chance.whole(1, 30)}${String(chance.whole(1, 8)).padStart(2, '0')}${chance.happens(0.85) ? '室' : '号'}`
  return `${city}${house}${community}${building}${entrance}${room}`
}

export function creditCode(chance: Chance, kind: 'company' | 'sole-trader'): string {
  const letters = 'ABCDEFGHJKLMNPQRTUWXY'
  const stem = `MA${Array.from({ length: 6 }, () => (chance.happens(0.5) ? String(chance.whole(0, 9)) : chance.pick([...letters]))).join('')}`
  const first17 = `${kind === 'company' ? '91' : '92'}990101${stem}${organisationCheckCharacter(stem)}`
  return first17 + creditCodeCheckCharacter(first17)
}

/** A card number with the prefix 99 (national use, never a bank's) and its check digit (ISO/IEC 7812, Luhn). */
export function cardNumber(chance: Chance, length: 16 | 19): string {
  const body = `99${chance.digits(length - 3)}`
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

export function dateBetween(chance: Chance, fromYear: number, toYear: number): string {
  return `${chance.whole(fromYear, toYear)}-${String(chance.whole(1, 12)).padStart(2, '0')}-${String(chance.whole(1, 28)).padStart(2, '0')}`
}
