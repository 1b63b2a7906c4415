import * as fs from 'node:fs'

/** What the plugin's process holds: resident memory in MiB, and open descriptors. */
export interface Usage {
  readonly rssMib: number
  readonly descriptors: number
}

export const usageOf = (pid: number): Usage => {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? []
  return { rssMib: Number(kib) / 1024, descriptors: fs.readdirSync(`/proc/${String(pid)}/fd`).length }
}

const percent = (before: number, after: number): string => `${((after / before - 1) * 100).toFixed(1)} %`

export const growthText = (before: Usage, after: Usage): string =>
  `plugin RSS ${before.rssMib.toFixed(1)} → ${after.rssMib.toFixed(1)} MiB (${percent(before.rssMib, after.rssMib)}), `
  + `descriptors ${String(before.descriptors)} → ${String(after.descriptors)} (${percent(before.descriptors, after.descriptors)})`
