import type { Component } from 'vue'
import type { ScreenView } from '../../../core/kiosk-api/snapshot.ts'
import StaffScreen from '../../staff/StaffScreen.vue'
import BarrierScreen from './BarrierScreen.vue'
import ChecklistScreen from './ChecklistScreen.vue'
import CommitmentScreen from './CommitmentScreen.vue'
import ConsentScreen from './ConsentScreen.vue'
import EvaluationScreen from './EvaluationScreen.vue'
import FarewellScreen from './FarewellScreen.vue'
import FormScreen from './FormScreen.vue'
import GapsScreen from './GapsScreen.vue'
import GuideScreen from './GuideScreen.vue'
import IdentifyScreen from './IdentifyScreen.vue'
import IdleScreen from './IdleScreen.vue'
import MaterialsScreen from './MaterialsScreen.vue'
import MattersScreen from './MattersScreen.vue'
import OutOfServiceScreen from './OutOfServiceScreen.vue'
import OutcomeScreen from './OutcomeScreen.vue'
import QuestionScreen from './QuestionScreen.vue'
import ResumeScreen from './ResumeScreen.vue'
import ReviewScreen from './ReviewScreen.vue'
import ScanScreen from './ScanScreen.vue'
import SignScreen from './SignScreen.vue'
import SorryScreen from './SorryScreen.vue'
import SubmittingScreen from './SubmittingScreen.vue'

/** One component for each screen that the kiosk can show; each takes its view as the property `view`. */
export const screenComponents: Readonly<Record<ScreenView['kind'], Component>> = {
  idle: IdleScreen,
  matters: MattersScreen,
  guide: GuideScreen,
  question: QuestionScreen,
  barrier: BarrierScreen,
  checklist: ChecklistScreen,
  identify: IdentifyScreen,
  consent: ConsentScreen,
  form: FormScreen,
  materials: MaterialsScreen,
  commitment: CommitmentScreen,
  scan: ScanScreen,
  gaps: GapsScreen,
  review: ReviewScreen,
  sign: SignScreen,
  submitting: SubmittingScreen,
  outcome: OutcomeScreen,
  evaluation: EvaluationScreen,
  farewell: FarewellScreen,
  resume: ResumeScreen,
  'out-of-service': OutOfServiceScreen,
  sorry: SorryScreen,
  staff: StaffScreen,
}
