import { countBy, type ReadBack } from '../support/read-back.js'

export interface OcsfEvent {
  readonly activity_id: number
  readonly class_uid: number
  readonly type_uid: number
  readonly severity_id: number
  readonly status_id: number
  readonly status_code: string
  readonly status_detail?: string
  readonly message: string
  readonly time: number
  readonly metadata: { readonly version: string; readonly product: { readonly name: string; readonly version: string } }
  readonly finding_info: { readonly uid: string; readonly title: string }
  readonly compliance: {
    readonly control: string
    readonly standards?: readonly string[]
    readonly requirements?: readonly string[]
    readonly status_id?: 1 | 2 | 3
    readonly status?: string
    readonly status_code: string
    readonly status_details: readonly string[]
    readonly control_parameters?: readonly { readonly name: string; readonly value: string }[]
    readonly checks: readonly [{ readonly uid: string; readonly status_id: number; readonly severity_id: number }]
  }
  readonly remediation?: { readonly desc: string }
  readonly resources: readonly [
    { readonly uid: string; readonly name: string; readonly type: string; readonly labels?: readonly string[] },
  ]
  readonly [name: string]: unknown
}

/** Events, one a line. */
export const readOcsf = (text: string): readonly OcsfEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OcsfEvent)

const EXIT_CODES = { 1: 0, 3: 1, 2: 3 } as const

/** What a file says of the run. */
export const ocsfSays = (text: string): ReadBack => {
  const [run, ...rows] = readOcsf(text)
  return {
    statuses: countBy(rows, ({ compliance }) => compliance.status_code),
    waived: rows.filter(({ status_id }) => status_id === 3).length,
    exitCode: EXIT_CODES[run!.compliance.status_id!],
  }
}
