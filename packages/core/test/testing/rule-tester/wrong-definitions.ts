import type { AuditRule, RuleFactory } from '@backproof/core/audit'
import { afterwards, boundaries, cases, definition, judge, type SafeInput, safeRule, testOf } from './right-rule.js'
import type { WrongRule } from './wrong-rule.js'

const { messages, options } = definition
const withMessages = (more: object): RuleFactory => safeRule({ messages: { ...messages, ...more } })

/** Rules whose description, needs, options or cases are wrong. */
export const WRONG_DEFINITIONS: readonly WrongRule[] = [
  {
    what: 'passes with no items, and its author thinks that this is right',
    test: testOf({
      rule: safeRule({
        evaluate: (input: SafeInput) =>
          input.folds.tapes.items === 0 ? { message: 'kept', data: { count: 0 } } : judge(input),
        messages: Object.fromEntries(Object.entries(messages).filter(([id]) => id !== 'no-tapes')),
      }),
      cases: cases.map((one) =>
        'message' in one.expect && one.expect.message === 'no-tapes' ? { ...one, expect: { message: 'kept' } } : one,
      ),
    }),
    caught: ['empty-never-passes'],
    because: /empty histories.*is kept/,
  },
  {
    what: 'does not tell the engine what it needs, and passes where it cannot read it',
    test: testOf({
      rule: afterwards((rule) => ({
        ...rule,
        needs: {},
        evaluate: (input) => {
          try {
            return rule.evaluate(input)
          } catch {
            return { message: 'kept', data: { count: 2 } }
          }
        },
      })),
      cases: cases.map(({ facts, ...one }) => one),
      absent: {},
      boundaries: {},
    }),
    caught: ['facts-as-declared'],
    because: /names site.safe, tape.rotations; the rule needs tape.rotations/,
  },
  {
    what: 'has an option without a boundary',
    test: testOf({ boundaries: { minTapes: boundaries.minTapes } }),
    caught: ['boundaries-exact'],
    because: /nothing for the option maxAge/,
  },
  {
    what: 'has a message that nothing gives',
    test: testOf({ rule: withMessages({ stolen: { status: 'fail', text: 'the safe is gone' } }) }),
    caught: ['messages-used'],
    because: /No case gives stolen/,
  },
  {
    what: 'leaves a placeholder empty',
    test: testOf({ rule: withMessages({ open: { status: 'fail', text: 'the safe is open since {since}' } }) }),
    caught: ['placeholders-filled'],
    because: /open has no value for \{since\}/,
  },
  {
    what: 'names a clause that does not exist',
    test: testOf({ rule: safeRule({ clauses: [{ framework: 'nist-800-53', clause: 'CP-99', strength: 'full' }] }) }),
    caught: ['clauses-exist'],
    because: /no clause CP-99/,
  },
  {
    what: 'names a framework that does not exist',
    test: testOf({ rule: safeRule({ clauses: [{ framework: 'iso-9000', clause: '1', strength: 'full' }] }) }),
    caught: ['clauses-exist'],
    because: /no framework iso-9000/,
  },
  {
    what: 'passes where a fact is absent, and nobody said so',
    test: testOf({ absent: {} }),
    caught: ['absent-as-stated'],
    because: /does not say what comes out where safe is absent/,
  },
  {
    what: 'says nothing about where a default comes from',
    test: testOf({ rule: safeRule({ options: { ...options, minTapes: { ...options.minTapes, source: '' } } }) }),
    caught: ['options-described'],
    because: /minTapes does not say where its default comes from/,
  },
  {
    what: 'takes any option',
    test: testOf({
      rule: ((): RuleFactory => {
        const right = safeRule()
        const lax = (given: Parameters<RuleFactory>[0], config: Parameters<RuleFactory>[1]): AuditRule => {
          try {
            return right(given, config)
          } catch {
            return right({}, config)
          }
        }
        return Object.assign(lax, { meta: right.meta })
      })(),
    }),
    caught: ['options-refused'],
    because: /takes 1 for the option no-such-option/,
  },
  {
    what: 'says nothing about why it matters',
    test: testOf({ rule: safeRule({ rationale: ' ' }) }),
    caught: ['meta-complete'],
    because: /rationale of acme.safe is empty/,
  },
  {
    what: 'has two cases that ask the same',
    test: testOf({ cases: [...cases, { ...cases[0]!, name: 'Again' }] }),
    caught: ['cases-differ'],
    because: /"Two tapes are in the safe" and "Again" ask the same/,
  },
]
