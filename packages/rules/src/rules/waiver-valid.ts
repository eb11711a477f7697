import {
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  type Severity,
  type Verdict,
  WAIVER_DAYS,
  type WaiverStanding,
  waiverStandings,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { days, inDays, isoTime } from '../time.js'

/** An option for the days that rows of one severity may be accepted for; never more than the engine allows. */
const daysOption = (severity: 'critical' | 'high' | 'medium' | 'low', also = '') =>
  numberOption({
    default: WAIVER_DAYS[severity],
    min: 1,
    max: WAIVER_DAYS[severity],
    unit: 'days',
    stricter: 'lower',
    source: 'audit catalogue',
    description: `A waiver of rows of severity ${severity}${also} may run for so many days from its approval.`,
  })

/** Accepted failures are accepted by somebody, for a reason, for a time, and are still there. */
export const waiverValid = defineRule({
  id: 'waiver-valid',
  title: 'Waivers are approved, in force and needed',
  description: [
    'One verdict for each waiver of the audit. It passes where the waiver names its reason, its approver, what it selects and when it ends, has not ended, accepts at least one failing row, and runs no longer than the severest of these may be accepted for, counted from its approval (where it does not say when that was: from this audit). A waiver with a date that cannot be read, or that is yet to be approved, accepts nothing.',
    'A waiver that no failing row matches fails: it would accept what comes next, and nobody looks at it. Where what it may be about could not be decided, whether it is needed is not known. It is judged once all other rules were asked, and cannot be waived itself. An audit without this rule tells what is wrong with waivers, too, as findings about the waivers.',
  ],
  rationale:
    'An exception that nobody remembers becomes the rule. A waiver without an end, an owner or a use hides the next real failure.',
  category: 'governance',
  severity: 'high',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({ partial: 'CA-5; RA-7; ISO 6.1.3', supporting: 'CC3.2' }),
  remediation: {
    action: 'Renew the waiver with approval, correct what it selects, or remove it and mend what it accepted',
    effort: 'small',
  },
  messages: {
    accepts: {
      status: 'pass',
      text: 'it accepts {rows} failing rows, the severest {severity}, until {expires}; approved by {approver}',
    },
    expired: { status: 'fail', text: 'it expired on {expires}: what it accepted counts again' },
    malformed: { status: 'fail', text: 'it is malformed and accepts nothing: {reason}' },
    'too-long': {
      status: 'fail',
      text: 'it runs for {days} days, until {expires}; a row of severity {severity} may be accepted for {maxDays}',
    },
    unused: { status: 'fail', text: 'it accepts nothing: no failing row matches it' },
    undecided: {
      status: 'unknown',
      text: 'whether it accepts anything is not known: what it may be about cannot be decided',
    },
    'not-reached': {
      status: 'unknown',
      text: 'whether it accepts anything is not known: the audit could not find out everything that there is to look at',
    },
    'not-asked': { status: 'not-applicable', text: 'no rule of this audit is the one that it is about: {rule}' },
    'no-waivers': { status: 'not-applicable', text: 'nothing is waived' },
  },
  options: {
    maxDaysCritical: daysOption('critical'),
    maxDaysHigh: daysOption('high'),
    maxDaysMedium: daysOption('medium'),
    maxDaysLow: daysOption('low', ' or info'),
  },
  needs: { waivers: waiverStandings },
  evaluate: ({ facts, options }) => {
    const waivers = factValue(facts.waivers) ?? []
    if (waivers.length === 0) return { message: 'no-waivers' }
    const { maxDaysCritical, maxDaysHigh, maxDaysMedium, maxDaysLow } = options
    const limits: Limits = {
      critical: maxDaysCritical,
      high: maxDaysHigh,
      medium: maxDaysMedium,
      low: maxDaysLow,
      info: maxDaysLow,
    }
    return waivers.map((waiver) => ({ subject: waiver.id, ...verdictOf(waiver, limits) }))
  },
})

type Limits = Readonly<Record<Severity, number>>
type Message = 'accepts' | 'expired' | 'malformed' | 'too-long' | 'unused' | 'undecided' | 'not-reached' | 'not-asked'

const verdictOf = (waiver: WaiverStanding, limits: Limits): Verdict<Message> => {
  const { state, wrong = '', expires, approver = '', span = 0, rule = '', rows, severity = 'high' } = waiver
  const evidence = [evidenceOf(waiver)]
  const until = expires === undefined ? '' : isoTime(expires)
  const maxDays = limits[severity]
  const tooLong = {
    message: 'too-long',
    data: { days: inDays(span), expires: until, severity, maxDays, rows },
  } as const
  switch (state) {
    case 'malformed':
      return { message: 'malformed', data: { reason: wrong }, evidence }
    case 'expired':
      return { message: 'expired', data: { expires: until }, evidence }
    case 'too-long':
      return { ...tooLong, evidence }
    case 'not-asked':
      return { message: 'not-asked', data: { rule } }
    case 'used':
      // The last day counts to its end, as it does for the engine.
      return span >= days(maxDays + 1)
        ? { ...tooLong, evidence }
        : { message: 'accepts', data: { rows, severity, expires: until, approver }, evidence }
    default:
      return { message: state, evidence }
  }
}

const evidenceOf = ({ id, state, expires, span, rows, severity }: WaiverStanding): Evidence => ({
  kind: 'waiver',
  id,
  ...(expires !== undefined && { at: isoTime(expires) }),
  data: { state, rows, severity: severity ?? null, days: span === undefined ? null : inDays(span) },
})
