/**
 * As much of the ONNX file format (protocol buffers) as it takes to exchange nodes of a graph. Everything that is not
 * understood here stays as it was, byte by byte.
 */

/** A node of the graph; what is new has no `bytes` yet. */
export interface GraphNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** As in the file, for attributes and names that nobody reads here. */
  readonly rest: readonly Field[]
}

/** A constant of 32 bit floats. */
export interface Constant {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Nodes in the order in which they are run. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly constants: ReadonlyMap<string, Constant>
  /** What the graph answers. */
  readonly outputs: readonly string[]
}

interface Field {
  readonly number: number
  readonly wire: number
  readonly value: number | Uint8Array
}

const VARINT = 0
const LENGTH = 2
const WIDTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 }
const MODEL_GRAPH = 7
const GRAPH = { node: 1, initializer: 5, output: 12 } as const
const NODE = { input: 1, output: 2, op: 4, attribute: 5 } as const
const ATTRIBUTE = { name: 1, float: 2, integer: 3, tensor: 5, integers: 8, type: 20 } as const
const ATTRIBUTE_TYPE = { float: 1, integer: 2, integers: 7 } as const
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 } as const
const FLOAT = 1

/** The graph of a model. Throws when the bytes are no protocol buffer. */
export function graphOf(model: Uint8Array): Graph {
  const graph = fieldsOf(partOf(fieldsOf(model), MODEL_GRAPH))
  const nodes = all(graph, GRAPH.node).map(nodeOf)
  const constants = new Map<string, Constant>()
  for (const bytes of all(graph, GRAPH.initializer)) keep(constants, undefined, bytes)
  for (const { op, outputs: [output], rest } of nodes) {
    const tensor = op === 'Constant' ? all(rest, NODE.attribute).flatMap((attribute) => all(fieldsOf(attribute), ATTRIBUTE.tensor))[0] : undefined
    if (tensor !== undefined) keep(constants, output, tensor)
  }
  return { nodes, constants, outputs: all(graph, GRAPH.output).map((bytes) => textOf(partOf(fieldsOf(bytes), 1))) }
}

/** The model with other nodes, and with constants added. */
export function withGraph(model: Uint8Array, nodes: readonly GraphNode[], added: ReadonlyMap<string, Constant>): Uint8Array {
  const graph = fieldsOf(partOf(fieldsOf(model), MODEL_GRAPH)).filter(({ number }) => number !== GRAPH.node)
  const inside = encode([
    ...nodes.map((node) => part(GRAPH.node, encode([...node.inputs.map((name) => text(NODE.input, name)), ...node.outputs.map((name) => text(NODE.output, name)), text(NODE.op, node.op), ...node.rest]))),
    ...graph,
    ...[...added].map(([name, { dims, data }]) => part(GRAPH.initializer, encode([
      ...dims.map((size) => whole(TENSOR.dims, size)), whole(TENSOR.type, FLOAT), text(TENSOR.name, name), part(TENSOR.raw, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ]))),
  ])
  return encode(fieldsOf(model).map((field) => (field.number === MODEL_GRAPH ? part(MODEL_GRAPH, inside) : field)))
}

/** The numbers of an attribute; none when the node has no such attribute. */
export function integersOf(node: GraphNode, name: string): readonly number[] {
  return attributeOf(node, name).flatMap(({ number, value }) => {
    if (number !== ATTRIBUTE.integer && number !== ATTRIBUTE.integers) return []
    return typeof value === 'number' ? [value] : varintsIn(value)
  })
}

export function floatOf(node: GraphNode, name: string): number | undefined {
  const bytes = attributeOf(node, name).find(({ number }) => number === ATTRIBUTE.float)?.value
  return bytes instanceof Uint8Array ? new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true) : undefined
}

export function newNode(op: string, inputs: readonly string[], output: string, attributes: readonly Uint8Array[] = []): GraphNode {
  return { op, inputs, outputs: [output], rest: attributes.map((bytes) => part(NODE.attribute, bytes)) }
}

export function integers(name: string, values: readonly number[]): Uint8Array {
  return encode([text(ATTRIBUTE.name, name), ...values.map((value) => whole(ATTRIBUTE.integers, value)), whole(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers)])
}

export function integer(name: string, value: number): Uint8Array {
  return encode([text(ATTRIBUTE.name, name), whole(ATTRIBUTE.integer, value), whole(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer)])
}

export function float(name: string, value: number): Uint8Array {
  return encode([text(ATTRIBUTE.name, name), { number: ATTRIBUTE.float, wire: 5, value: new Uint8Array(Float32Array.of(value).buffer) }, whole(ATTRIBUTE.type, ATTRIBUTE_TYPE.float)])
}

function attributeOf({ rest }: GraphNode, name: string): readonly Field[] {
  return all(rest, NODE.attribute).map(fieldsOf).find((fields) => textOf(partOf(fields, ATTRIBUTE.name)) === name) ?? []
}

function nodeOf(bytes: Uint8Array): GraphNode {
  const fields = fieldsOf(bytes)
  const known: readonly number[] = [NODE.input, NODE.output, NODE.op]
  return { op: textOf(partOf(fields, NODE.op)), inputs: all(fields, NODE.input).map(textOf), outputs: all(fields, NODE.output).map(textOf), rest: fields.filter(({ number }) => !known.includes(number)) }
}

function keep(constants: Map<string, Constant>, name: string | undefined, tensor: Uint8Array): void {
  const fields = fieldsOf(tensor)
  const raw = all(fields, TENSOR.raw)[0]
  if (raw === undefined || fields.find(({ number }) => number === TENSOR.type)?.value !== FLOAT) return
  const dims = fields.filter(({ number }) => number === TENSOR.dims).flatMap(({ value }) => (typeof value === 'number' ? [value] : varintsIn(value)))
  constants.set(name ?? textOf(partOf(fields, TENSOR.name)), { dims, data: new Float32Array(Uint8Array.from(raw).buffer) })
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = varint(bytes, at)
    const wire = tag.value % 8
    const number = Math.floor(tag.value / 8)
    const first = wire === VARINT || wire === LENGTH ? varint(bytes, tag.next) : { value: WIDTHS[wire] ?? NaN, next: tag.next }
    const end = wire === VARINT ? first.next : first.next + first.value
    if (!(end <= bytes.length)) throw new RangeError('no protocol buffer')
    fields.push({ number, wire, value: wire === VARINT ? first.value : bytes.subarray(first.next, end) })
    at = end
  }
  return fields
}

/** Above 2^53 a number would lose its last digits; no ONNX file has one. */
function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from, factor = 1; at < bytes.length; at++, factor *= 128) {
    const byte = bytes[at] as number
    value += (byte & 0x7f) * factor
    if (!Number.isSafeInteger(value)) break
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw new RangeError('no protocol buffer')
}

function varintsIn(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length;) {
    const { value, next } = varint(bytes, at)
    values.push(value)
    at = next
  }
  return values
}

function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(fields.flatMap(({ number, wire, value }) => {
    const tag = varintBytes(number * 8 + wire)
    if (typeof value === 'number') return [tag, varintBytes(value)]
    return wire === LENGTH ? [tag, varintBytes(value.length), value] : [tag, value]
  }))
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128)
  return Uint8Array.from([...bytes, left])
}

const all = (fields: readonly Field[], wanted: number): Uint8Array[] => fields.flatMap(({ number, value }) => (number === wanted && typeof value !== 'number' ? [value] : []))
const partOf = (fields: readonly Field[], wanted: number): Uint8Array => all(fields, wanted)[0] ?? new Uint8Array()
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const part = (number: number, value: Uint8Array): Field => ({ number, wire: LENGTH, value })
const text = (number: number, value: string): Field => part(number, Buffer.from(value))
const whole = (number: number, value: number): Field => ({ number, wire: VARINT, value })
