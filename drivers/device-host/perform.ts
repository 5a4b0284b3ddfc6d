import { unreachable } from '../../core/result/result.ts'
import type { AnyDeviceService } from './contract.ts'
import type { Operation, OperationProgress, OperationResult } from './operation-schema.ts'

const NO_SUCH_DEVICE: OperationResult = { kind: 'failed', began: false, code: 'no-such-device' }

/** Does one operation on the service that it was meant for; a service of another class is refused. Rejects when the service has a bug. */
export async function perform(service: AnyDeviceService, operation: Operation, progress: (value: OperationProgress) => void, signal: AbortSignal): Promise<OperationResult> {
  switch (operation.kind) {
    case 'read-card':
      if (service.kind !== 'id-card') return NO_SUCH_DEVICE
      return { kind: 'read-card', result: await service.read({ timeoutMs: operation.timeoutMs }, (value) => progress({ kind: 'read-card', progress: value }), signal) }
    case 'read-code':
      if (service.kind !== 'code-scanner') return NO_SUCH_DEVICE
      return { kind: 'read-code', result: await service.readCode({ timeoutMs: operation.timeoutMs }, signal) }
    case 'read-social-card':
      if (service.kind !== 'social-card') return NO_SUCH_DEVICE
      return { kind: 'read-social-card', result: await service.read({ timeoutMs: operation.timeoutMs }, (value) => progress({ kind: 'read-social-card', progress: value }), signal) }
    case 'print-receipt':
      if (service.kind !== 'receipt-printer') return NO_SUCH_DEVICE
      return { kind: 'print-receipt', outcome: await service.print(operation.job, () => progress({ kind: 'print-receipt', progress: 'sending' })) }
    case 'print-pages':
      if (service.kind !== 'page-printer') return NO_SUCH_DEVICE
      return { kind: 'print-pages', outcome: await service.print(operation.job, (value) => progress({ kind: 'print-pages', progress: value })) }
    case 'scan-page':
      if (service.kind !== 'document-scanner') return NO_SUCH_DEVICE
      return { kind: 'scan-page', result: await service.scanPage({ source: operation.source }, (value) => progress({ kind: 'scan-page', progress: value }), signal) }
    case 'scan-batch':
      if (service.kind !== 'document-scanner') return NO_SUCH_DEVICE
      return {
        kind: 'scan-batch',
        result: await service.scanBatch((page) => progress({ kind: 'batch-page', page }), (value) => progress({ kind: 'scan-batch', progress: value }), signal),
      }
    default:
      return unreachable(operation)
  }
}
