import type { AuditDocument, Kept, ProofDocument, ReportDocument } from '../../src/index.js'
import { type Assets, auditOf, VERDICTS } from './audits.js'
import { HOSTILE } from './hostile.js'
import { comparison, STATES, type States, verification } from './proofs.js'

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const

/** Everything that can be said, of assets with ordinary names and hostile ones. */
const assets: Assets = [
  ...VERDICTS.map((said, i) => ({ id: `shop-${i}`, said, severity: SEVERITIES[i % 5]!, quoted: `run ${i}` })),
  ...HOSTILE.map((quoted, i) => ({
    id: `${quoted} ${i}`,
    said: VERDICTS[i % VERDICTS.length]!,
    severity: SEVERITIES[i % 5]!,
    quoted,
  })),
]

const states: States = [
  ...STATES.map((state, i): States[number] => [`shop-${i}.sql`, state]),
  ...HOSTILE.map((key, i): States[number] => [`${key}${i}`, STATES[i % STATES.length]!]),
]

/** Real runs in which everything occurs, beside such as prove nothing and such as prove all. */
export interface Samples extends AsyncDisposable {
  readonly audit: Kept<AuditDocument>
  readonly compare: Kept<ProofDocument>
  readonly verify: Kept<ProofDocument>
  readonly proven: Kept<ProofDocument>
  readonly nothing: Kept<ProofDocument>
  readonly noAssets: Kept<AuditDocument>
  readonly all: readonly ReportDocument[]
}

export const samples = async (): Promise<Samples> => {
  const audit = await auditOf(assets)
  const compare = await comparison(states)
  const verify = await verification(states)
  const proven = await comparison([['a.sql', 'same']])
  const nothing = await comparison([])
  const noAssets = await auditOf([])
  const all = [audit, compare, verify, proven, nothing, noAssets]
  return {
    ...{ audit, compare, verify, proven, nothing, noAssets, all },
    [Symbol.asyncDispose]: async () => {
      for (const kept of all) await kept[Symbol.asyncDispose]()
    },
  }
}
