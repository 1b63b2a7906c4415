import * as fc from 'fast-check'

const given = process.env['FC_SEED']
const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given)

if (given === undefined) process.stderr.write(`properties: replay with FC_SEED=${String(seed)}\n`)

fc.configureGlobal({ seed, numRuns: Number(process.env['FC_RUNS'] ?? (process.env['CI'] === undefined ? 1000 : 300)) })
