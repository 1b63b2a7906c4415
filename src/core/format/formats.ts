import { pretty } from '../domain/canonical'
import { Outcome } from './Outcome'

export const formats: Readonly<Record<string, (outcome: Outcome, colour: boolean) => string>> = {
  text: (outcome) => (outcome.comparisons.length + outcome.findings.length === 0 ? '' : pretty(outcome)),
  json: (outcome) => pretty(outcome)
}
