import { reasonText } from '../core/gc/reasonText'
import { Verdict } from '../core/gc/verdicts'
import { planCollection } from '../core/plan/planCollection'
import * as explain from '../core/report/explain'
import { execute, workshopAt } from '../effects/ports/execute'
import { Place, Ports } from '../effects/ports/Ports'

/** Removes an image of an agent, unless it is used by then; what is told where that does not work. */
export const removeImage = async (
  ports: Ports, place: Place, node: string, { image: { name, digest }, because }: Verdict
): Promise<string | undefined> => {
  const plan = planCollection(node, { image: name, digest }, reasonText(because))
  const report = await execute(workshopAt(ports, place), plan)
  return report._tag === 'Stopped' && report.failures.length === 0 ? undefined : explain.report(report)
}
