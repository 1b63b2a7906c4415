import Ajv from 'ajv'

import { isRecord } from '../../src/core/domain/isRecord'
import { SARIF_SCHEMA } from './sarifSchema'

// RFC 3986: what a reference may hold; a relative one has no colon in its first part.
const REFERENCE = /^(?:(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-F]{2})*(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})*)*|file:\/\/\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*)$/

const ajv = new Ajv({ allErrors: true, formats: { uri: /^https:/, 'uri-reference': REFERENCE } })
const validate = ajv.compile(SARIF_SCHEMA)

/** What is wrong with a SARIF log: its shape, and rules that its results name wrongly. */
export const sarifBreaches = (log: unknown): ReadonlyArray<string> => {
  if (!validate(log)) return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
  const [run] = (log as { runs: ReadonlyArray<{ tool: { driver: { rules: ReadonlyArray<{ id: string }> } }; results: ReadonlyArray<unknown> }> }).runs
  const rules = run?.tool.driver.rules.map(({ id }) => id) ?? []
  return [
    ...(new Set(rules).size === rules.length ? [] : ['two rules of one id']),
    ...(run?.results ?? []).flatMap((result, index) =>
      isRecord(result) && rules[Number(result['ruleIndex'])] === result['ruleId'] ? [] : [`result ${index}: its rule is another`])
  ]
}
