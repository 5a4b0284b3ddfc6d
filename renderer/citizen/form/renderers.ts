import { type JsonFormsRendererRegistryEntry, isControl, isLayout, rankWith, uiTypeIs } from '@jsonforms/core'
import { markRaw } from 'vue'
import FieldRenderer from './FieldRenderer.vue'
import LayoutRenderer from './LayoutRenderer.vue'

/** Our touch renderers for JSON Forms; there are no others, so that nothing unknown is ever shown. */
export const touchRenderers: readonly JsonFormsRendererRegistryEntry[] = [
  { tester: rankWith(2, isControl), renderer: markRaw(FieldRenderer) as unknown },
  { tester: rankWith(1, isLayout), renderer: markRaw(LayoutRenderer) as unknown },
  { tester: rankWith(2, uiTypeIs('Group')), renderer: markRaw(LayoutRenderer) as unknown },
]
