import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import type { operations } from '../../core/one-window/openapi.d.ts'

export type OperationId = keyof operations

/** One operation of `openapi.yaml`, with everything that the document lets us check. */
export interface ContractOperation {
  readonly id: OperationId
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below `/v1` in Fastify's notation (`/cases/:caseNumber`). */
  readonly route: string
  readonly binaryBody: boolean
  /** JSON pointer of the first fault, or undefined when the parameters are as the contract says. */
  parameterFault(place: 'path' | 'query' | 'header', values: Readonly<Record<string, unknown>>): string | undefined
  bodyFault(body: unknown): string | undefined
  responseFault(status: number, body: unknown): string | undefined
}

interface Parameter { readonly name: string; readonly in: 'path' | 'query' | 'header'; readonly required?: boolean; readonly schema: unknown }
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly parameters: Record<string, Parameter> }
}
interface Operation {
  readonly operationId: OperationId
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: Record<string, unknown> }
  readonly responses: Record<string, unknown>
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const

let loaded: readonly ContractOperation[] | undefined

/** The contract with a compiled check for every parameter, body and answer in it; read once in the life of the process. */
export function loadContract(): readonly ContractOperation[] {
  loaded ??= compileContract(new URL('../../core/one-window/openapi.yaml', import.meta.url))
  return loaded
}

function compileContract(file: URL): readonly ContractOperation[] {
  const document = parse(readFileSync(file, 'utf8')) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: false, coerceTypes: false })
  addFormats(ajv)
  ajv.addSchema(document, 'contract')

  const compile = (pointer: readonly string[]): ValidateFunction =>
    ajv.compile({ $ref: `contract#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}` })

  const resolve = (parameter: Parameter | { readonly $ref: string }): Parameter => {
    if (!('$ref' in parameter)) return parameter
    const found = document.components.parameters[parameter.$ref.slice('#/components/parameters/'.length)]
    if (found === undefined) throw new Error(`no such parameter: ${parameter.$ref}`)
    return found
  }

  return Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method] !== undefined).map((method): ContractOperation => {
    const operation = item[method]
    if (operation === undefined) throw new Error('filtered above')
    const parameters = (operation.parameters ?? []).map(resolve).map((parameter) => ({
      ...parameter,
      integer: (parameter.schema as { readonly type?: string }).type === 'integer',
      validate: ajv.compile(rebased(parameter.schema)),
    }))
    const bodyTypes = Object.keys(operation.requestBody?.content ?? {})
    const binaryBody = bodyTypes.includes('application/offset+octet-stream')
    const validateBody = bodyTypes.includes('application/json')
      ? compile(['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'])
      : undefined
    const answers = new Map<string, ValidateFunction>()
    for (const [status, answer] of Object.entries(operation.responses)) {
      if ((answer as { readonly content?: Record<string, unknown> }).content?.['application/json'] !== undefined) {
        answers.set(status, compile(['paths', path, method, 'responses', status, 'content', 'application/json', 'schema']))
      }
    }
    const validateProblem = compile(['components', 'schemas', 'Problem'])

    return {
      id: operation.operationId,
      method: method.toUpperCase() as ContractOperation['method'],
      route: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      binaryBody,
      parameterFault(place, values) {
        for (const parameter of parameters) {
          if (parameter.in !== place) continue
          const raw = values[place === 'header' ? parameter.name.toLowerCase() : parameter.name]
          if (raw === undefined) {
            if (parameter.required === true) return `/${place}/${parameter.name}`
            continue
          }
          const value = parameter.integer && typeof raw === 'string' && /^\d{1,15}$/.test(raw) ? Number(raw) : raw
          if (!parameter.validate(value)) return `/${place}/${parameter.name}`
        }
        return undefined
      },
      bodyFault(body) {
        if (validateBody === undefined || validateBody(body)) return undefined
        return pointerOf(validateBody)
      },
      responseFault(status, body) {
        if (status >= 400) return body === undefined || validateProblem(body) ? undefined : pointerOf(validateProblem)
        if (operation.responses[String(status)] === undefined) return `/responses/${status}`
        const validate = answers.get(String(status))
        if (validate === undefined) return body === undefined ? undefined : '/body'
        return validate(body) ? undefined : pointerOf(validate)
      },
    }
  }))
}

/** References inside a parameter's own schema point into the whole document. */
function rebased(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')) as object
}

/** Where the fault is and which rule it broke; never the value. */
function pointerOf(validate: ValidateFunction): string {
  const error = validate.errors?.[0]
  const extra = error?.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : error?.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : ''
  return `/body${error?.instancePath ?? ''}${extra} (${error?.keyword ?? 'unknown'})`
}
