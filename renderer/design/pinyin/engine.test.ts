import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeDictionary, type PinyinDictionary } from './dictionary.ts'
import { createPinyinEngine, MAX_LETTERS, type PinyinContext, type PinyinEngine } from './engine.ts'
import { FUZZY_PAIRS, normaliseLetters } from './spelling.ts'

const file = new Uint8Array(readFileSync(new URL('../../../assets/pinyin/pinyin.bin', import.meta.url)))

function dictionary(): PinyinDictionary {
  const decoded = decodeDictionary(file)
  if (!decoded.ok) throw new Error(decoded.error.detail)
  return decoded.value
}

const shared = dictionary()
let engine: PinyinEngine
beforeEach(() => {
  engine = createPinyinEngine(shared)
})

const texts = (input: string, context?: PinyinContext): readonly string[] => engine.candidates(input, context).map(({ text }) => text)
const name: PinyinContext = { hint: 'name', before: '' }
const address: PinyinContext = { hint: 'address' }

/** Types letters and chooses each of the texts in turn, as a citizen does; returns the letters that are left. */
function choose(letters: string, wanted: readonly string[], hint: PinyinContext['hint'] = 'general'): string {
  let rest = letters
  let before = ''
  for (const text of wanted) {
    const found = engine.candidates(rest, { hint, before }).find((candidate) => candidate.text === text)
    if (!found) throw new Error(`${text} is not among the candidates of ${rest}`)
    rest = rest.slice(found.consumed)
    before += text
  }
  return rest
}

describe('words', () => {
  it.each([
    ['juzhuzheng', '居住证'],
    ['gongjijin', '公积金'],
    ['yanglaobaoxian', '养老保险'],
    ['yingyezhizhao', '营业执照'],
    ['shenfenzheng', '身份证'],
    ['budongchan', '不动产'],
    ['lvse', '绿色'],
    ['lüse', '绿色'],
    ['nvshi', '女士'],
    ['lvke', '旅客'],
    ['lueduo', '掠夺'],
    ['jvzhu', '居住'],
    ["xi'an", '西安'],
    ['fangan', '方案'],
    ['chongqing', '重庆'],
    ['yinhang', '银行'],
    ['JUZHUZHENG', '居住证'],
  ])('%s begins with %s', (letters, text) => {
    expect(texts(letters).slice(0, 3)).toContain(text)
  })

  it('reads the same letters in two ways: xian is 先 and 西安', () => {
    const found = engine.candidates('xian')
    expect(found.some(({ text, consumed }) => text === '先' && consumed === 4)).toBe(true)
    expect(found.some(({ text, consumed }) => text === '西安' && consumed === 4)).toBe(true)
    expect(found.findIndex(({ text }) => text === '西安')).toBeLessThan(20)
  })

  it('an apostrophe is a boundary: xi\'an has no 先', () => {
    expect(texts("xi'an")).not.toContain('先')
  })

  it('offers the longest match first, then the commoner word', () => {
    const found = engine.candidates('shifanshi')
    const lengths = found.map(({ consumed }) => consumed)
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a))
    expect(texts('shifanshi').slice(0, 4)).toEqual(expect.arrayContaining(['师范', '示范']))
  })

  it('knows every usual reading of a character', () => {
    expect(texts('hang')).toContain('行')
    expect(texts('xing')).toContain('行')
    expect(texts('chong')).toContain('重')
    expect(texts('zhong')).toContain('重')
    expect(texts('yue')).toContain('乐')
    expect(texts('le')).toContain('乐')
    expect(texts('en')).toContain('嗯')
  })

  it.each([['zhe', '喆'], ['kun', '堃'], ['yan', '䶮'], ['fu', '𫖯'], ['xian', '冼'], ['xun', '珣'], ['yi', '祎'], ['heng', '姮'], ['jie', '㛃']])(
    'reaches rare characters of names: %s %s',
    (letters, text) => {
      expect(texts(letters)).toContain(text)
    },
  )

  it('reaches every character of GB 2312 by some syllable', () => {
    const reachable = new Set(shared.syllables.flatMap((syllable) => texts(syllable)))
    const decoder = new TextDecoder('gb2312')
    const missing: string[] = []
    for (let lead = 0xb0; lead <= 0xf7; lead += 1) {
      for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
        const character = decoder.decode(Uint8Array.of(lead, trail))
        if (/^[\u4e00-\u9fff]$/.test(character) && !reachable.has(character)) missing.push(character)
      }
    }
    expect(missing).toEqual([])
  })
})

describe('short spellings', () => {
  it.each([
    ['gjj', '公积金'],
    ['gongjj', '公积金'],
    ['gjjin', '公积金'],
    ['jzz', '居住证'],
    ['sfz', '身份证'],
    ['zhrmghg', '中华人民共和国'],
    ['yanglaobx', '养老保险'],
    ['shh', '上海'],
  ])('%s finds %s', (letters, text) => {
    expect(texts(letters)).toContain(text)
  })

  it('puts the terms of the hall before others: gjj is 公积金', () => {
    expect(texts('gjj')[0]).toBe('公积金')
    expect(texts('jzz').slice(0, 3)).toContain('居住证')
  })
})

describe('sentences', () => {
  it('guesses a whole row of words', () => {
    expect(texts('woshiyigezhongguoren')[0]).toBe('我是一个中国人')
    expect(texts('shanghaishipudongxinqu', address)[0]).toBe('上海市浦东新区')
  })

  it('takes a part and leaves the rest of the letters', () => {
    expect(choose('juzhuzhengshenqing', ['居住证'])).toBe('shenqing')
    expect(choose('juzhuzhengshenqing', ['居住证', '申请'])).toBe('')
    expect(choose("xi'anshi", ['西安'])).toBe('shi')
  })
})

describe('names', () => {
  it('gives 陈志远 at once', () => {
    expect(texts('chenzhiyuan', name).slice(0, 3)).toContain('陈志远')
  })

  it.each([
    ['zhouguilan', ['周桂兰']],
    ['hejianguo', ['何建国']],
    ['zhougl', ['周', '桂', '兰']],
    ['linxiaowen', ['林', '晓', '雯']],
    ['linxiaoman', ['林', '小', '满']],
    ['chenzhiyuan', ['陈', '志远']],
    ['shanxiongxin', ['单', '雄', '信']],
    ['ouyangxiu', ['欧阳', '修']],
    ['lvbu', ['吕', '布']],
    ['zengguofan', ['曾', '国藩']],
  ])('%s can be chosen as %j', (letters, wanted) => {
    expect(choose(letters, wanted, 'name')).toBe('')
  })

  it('puts surnames first where a surname is expected, characters of names after it', () => {
    expect(texts('chen', name)[0]).toBe('陈')
    expect(texts('zhou', name).slice(0, 2)).toContain('周')
    expect(texts('zhiyuan', { hint: 'name', before: '陈' }).slice(0, 3)).toContain('志远')
    expect(texts('zhiyuan').slice(0, 3)).not.toContain('志远')
  })

  it('a pair that is only known from names is no word elsewhere', () => {
    const onlyName = texts('guilan', { hint: 'name', before: '周' })
    expect(onlyName).toContain('桂兰')
  })
})

describe('addresses', () => {
  it('puts places first', () => {
    expect(texts('xingfulu', address)[0]).toBe('幸福路')
    expect(texts('xian', address)[0]).toBe('县')
    expect(texts('jiedao', address)[0]).toBe('街道')
    expect(texts('jiangsushengnanjingshi', address)[0]).toBe('江苏省南京市')
  })
})

describe('neighbouring sounds', () => {
  it('are kept apart by default', () => {
    expect(texts('zongguo')).not.toContain('中国')
    expect(texts('lanjing')).not.toContain('南京')
  })

  it.each([
    ['zongguo', '中国'],
    ['lanjing', '南京'],
    ['sanghai', '上海'],
    ['xinfulu', '幸福路'],
    ['fangjian', '房间'],
    ['cengshi', '城市'],
    ['rengmin', '人民'],
  ])('are joined when the setting says so: %s finds %s', (letters, text) => {
    engine.setFuzzy(FUZZY_PAIRS)
    expect(texts(letters)).toContain(text)
  })

  it('rank behind what was really typed', () => {
    engine.setFuzzy(['n-l'])
    expect(texts('lan')[0]).toBe(createPinyinEngine(shared).candidates('lan')[0]?.text)
    expect(texts('lan')).toContain('南')
  })
})

describe('what cannot be read', () => {
  it.each(['', "'", "'''", '123', '，。', ' '])('%j gives nothing', (input) => {
    expect(engine.candidates(input)).toEqual([])
  })

  it('offers letters that begin no syllable as they are', () => {
    expect(engine.candidates('vvv')).toEqual([{ text: 'vvv', consumed: 3, kind: 'letters' }])
  })

  it('reads as far as it can', () => {
    const found = engine.candidates('nihaoiii')
    expect(found[0]).toMatchObject({ text: '你好', consumed: 5 })
  })

  it('drops signs and digits between letters', () => {
    expect(normaliseLetters('Jū1 zhù-zheng')).toBe('jzhzheng')
    expect(texts('ju zhu zheng')[0]).toBe('居住证')
  })
})

describe('separating for the eye', () => {
  it.each([
    ['chenzhiyuan', 'chen zhi yuan'],
    ['gongjj', 'gong j j'],
    ["xi'an", 'xi an'],
    ['xian', 'xian'],
    ['zhrmghg', 'zh r m g h g'],
    ['', ''],
    ['iii', 'i i i'],
  ])('%s', (letters, shown) => {
    expect(engine.separate(letters)).toBe(shown)
  })
})

describe('learning', () => {
  it('puts what was chosen first, for this session only', () => {
    expect(texts('xiaowen')[0]).not.toBe('晓雯')
    engine.learn('xiaowen', '晓雯')
    expect(engine.candidates('xiaowen')[0]).toEqual({ text: '晓雯', consumed: 7, kind: 'learned' })
    engine.wipe()
    expect(texts('xiaowen')[0]).not.toBe('晓雯')
  })

  it('remembers a name that was put together, and prefers what was chosen more often', () => {
    engine.learn('linxiaowen', '林晓雯')
    engine.learn('linxiaowen', '林小文')
    engine.learn('linxiaowen', '林小文')
    expect(texts("lin'xiaowen", name).slice(0, 2)).toEqual(['林小文', '林晓雯'])
  })

  it('does not grow without end: the oldest is forgotten', () => {
    engine.learn('xiaowen', '晓雯')
    for (const first of shared.syllables.slice(0, 30)) for (const second of shared.syllables.slice(0, 20)) engine.learn(first + second, '测')
    expect(texts('xiaowen')[0]).not.toBe('晓雯')
    engine.learn('zuihou', '嘴吼')
    expect(texts('zuihou')[0]).toBe('嘴吼')
  })
})

describe('whatever is typed', () => {
  const letters = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz\''), maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'lnshzgaie'), maxLength: 80 }),
    fc.array(fc.constantFrom(...shared.syllables), { maxLength: 14 }).map((parts) => parts.join('')),
  )
  const context = fc.record({ hint: fc.constantFrom('name', 'address', 'general'), before: fc.constantFrom('', '陈', '幸福路') }) as fc.Arbitrary<PinyinContext>

  it('never throws, and each candidate takes at least one and at most all letters', () => {
    const fuzzyEngine = createPinyinEngine(shared, FUZZY_PAIRS)
    fc.assert(
      fc.property(letters, context, fc.boolean(), (input, where, fuzzy) => {
        const found = (fuzzy ? fuzzyEngine : engine).candidates(input, where)
        const readable = normaliseLetters(input).slice(0, MAX_LETTERS)
        expect(found.length === 0).toBe(readable.replaceAll("'", '') === '')
        for (const { text, consumed } of found) {
          if (text === '' || consumed < 1 || consumed > readable.length) throw new Error(`${text} takes ${consumed} of ${readable.length}`)
        }
        engine.separate(input)
      }),
      { numRuns: 300 },
    )
  })

  it('choosing the first candidate again and again comes to an end', () => {
    fc.assert(
      fc.property(letters, (input) => {
        let rest = normaliseLetters(input)
        for (let step = 0; rest.replaceAll("'", '') !== ''; step += 1) {
          if (step > 80) throw new Error('no end')
          rest = rest.slice(engine.candidates(rest)[0]?.consumed ?? 0)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('finds each word of the dictionary by its full spelling', () => {
    fc.assert(
      fc.property(fc.constantFrom('居住', '社会保障', '统一社会信用代码', '户口簿', '租赁合同', '浦东新区', '人民政府', '退休', '女儿'), (word) => {
        const spelled: Record<string, string> = {
          居住: 'juzhu', 社会保障: 'shehuibaozhang', 统一社会信用代码: 'tongyishehuixinyongdaima', 户口簿: 'hukoubu', 租赁合同: 'zulinhetong',
          浦东新区: 'pudongxinqu', 人民政府: 'renminzhengfu', 退休: 'tuixiu', 女儿: 'nver',
        }
        expect(texts(spelled[word] ?? '').slice(0, 5)).toContain(word)
      }),
    )
  })

  it('looks at a bounded part of the dictionary, also for the worst input', () => {
    const fuzzyEngine = createPinyinEngine(shared, FUZZY_PAIRS)
    const worst = ['l'.repeat(48), 's'.repeat(48), 'zh'.repeat(24), 'shz'.repeat(16), 'nl'.repeat(24), 'lian'.repeat(12), 'xiang'.repeat(9)]
    for (const input of worst) fuzzyEngine.candidates(input)
    const before = process.threadCpuUsage()
    for (const input of worst) fuzzyEngine.candidates(input)
    const after = process.threadCpuUsage()
    // Each takes under 8 ms of this thread's own time; the bound leaves room for a slow machine and still catches exponential growth.
    expect((after.user - before.user) / 1_000 / worst.length).toBeLessThan(150)
  })
})

describe('the dictionary file', () => {
  it('is small enough', () => {
    expect(file.length).toBeLessThan(2_500_000)
  })

  it.each([
    ['empty', new Uint8Array()],
    ['another file', new TextEncoder().encode('<!doctype html><title>404</title>')],
    ['cut off', file.slice(0, 400_000)],
    ['cut off in the header', file.slice(0, 40)],
    ['too long', Uint8Array.from([...file.subarray(0, 9000), 0])],
  ])('is refused when it is %s', (_, bytes) => {
    expect(decodeDictionary(bytes).ok).toBe(false)
  })
})
