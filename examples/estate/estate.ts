import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type CapacitySample,
  type Drill,
  type JobRun,
  type RecoveryPoint,
  writeCapacityLines,
  writeDrillLines,
  writeJobLines,
  writeRecoveryPointLines,
} from '@backproof/core/history'
import { auditsOf } from './audits.js'
import { NOW } from './calendar.js'
import { drillsOf } from './drills.js'
import type { Faults } from './faults.js'
import { jobsOf } from './jobs.js'
import { pointsOf } from './points.js'
import { policyOf } from './policy.js'
import { proofsOf } from './proofs.js'
import { capacityOf } from './stores.js'

/** A made-up company, Harbour Furniture, and a year of its backups: all that an audit can be given. */
export interface Estate {
  /** YAML. */
  readonly policy: string
  readonly jobs: readonly JobRun[]
  readonly points: readonly RecoveryPoint[]
  readonly drills: readonly Drill[]
  readonly capacity: readonly CapacitySample[]
  /** Reports of comparisons, verifications and earlier audits, by the names of their files. */
  readonly reports: readonly { readonly name: string; readonly report: unknown }[]
}

/** The same for the same faults, to the last byte. */
export const buildEstate = (faults: Faults): Estate => {
  const reports = [...proofsOf(faults), ...auditsOf(faults)]
  const jobs = jobsOf(faults)
  return {
    policy: policyOf(
      faults,
      reports.map(({ name }) => name),
    ),
    jobs,
    points: pointsOf(jobs, faults),
    drills: drillsOf(faults),
    capacity: capacityOf(faults),
    reports,
  }
}

/** Writes the files of an estate, `policy.yaml` among them, into a folder. */
export const writeEstate = async ({ policy, jobs, points, drills, capacity, reports }: Estate, folder: string) => {
  const into = (name: string) => ({ to: join(folder, name), asOf: NOW })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'policy.yaml'), policy)
  await writeJobLines({ ...into('jobs.jsonl'), pages: [jobs] })
  await writeRecoveryPointLines({ ...into('points.jsonl'), pages: [points] })
  await writeDrillLines({ ...into('drills.jsonl'), pages: [drills] })
  await writeCapacityLines({ ...into('capacity.jsonl'), pages: [capacity] })
  for (const { name, report } of reports) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), JSON.stringify(report))
  }
}
