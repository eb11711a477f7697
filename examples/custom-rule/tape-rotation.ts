import { defineRule, durationOption, factToken, factValue } from '@backproof/core/audit'

/** What the tape library says of a store: the newest tape that left the building, and when. Milliseconds since 1970. */
export const newestTape = factToken<{ readonly label: string; readonly left: number }>('acme.newest-tape', {
  description: 'the newest tape that left the building',
})

/** Tapes leave the building in time. */
export const tapeRotation = defineRule({
  id: 'acme/tape-rotation',
  title: 'Tapes leave the building',
  description: ['Time since the newest tape of the store left the building. The limit itself is in time.'],
  rationale: 'A tape in the same room burns with the disks that it is a copy of.',
  category: 'copies',
  severity: 'high',
  scope: 'store',
  since: '1.0.0',
  clauses: [{ framework: 'nist-800-53', clause: 'CP-9(3)', strength: 'supporting' }],
  remediation: { action: 'Take the newest tape out of the building', effort: 'small' },
  needs: { tape: newestTape },
  messages: {
    'in-time': { status: 'pass', text: 'tape {label} left {left}' },
    late: { status: 'fail', text: 'the newest tape, {label}, left {left}: longer ago than allowed' },
    never: { status: 'fail', text: 'no tape has ever left' },
    ahead: { status: 'unknown', text: 'tape {label} leaves {left}, which is to come' },
  },
  options: {
    maxAge: durationOption({ default: 604_800_000, stricter: 'lower', source: 'ours', description: 'How long ago.' }),
  },
  evaluate: ({ now, facts, options }) => {
    const tape = factValue(facts.tape)
    if (tape === undefined) return { message: 'never', evidence: [{ kind: 'tape-library' }] }
    const data = { label: tape.label, left: new Date(tape.left).toISOString() }
    if (tape.left > now) return { message: 'ahead', data }
    if (now - tape.left <= options.maxAge) return { message: 'in-time', data }
    return { message: 'late', data, evidence: [{ kind: 'tape', id: tape.label, at: data.left }] }
  },
})
