import type { RuleFactory, Verdict } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { definition, judge, type SafeInput, safeRule, type Tape, testOf } from './right-rule.js'
import type { WrongRule } from './wrong-rule.js'

type Judge = (input: SafeInput) => unknown

const judging = (evaluate: Judge): RuleTest => testOf({ rule: safeRule({ evaluate }) })
const folding = (parts: () => object): RuleFactory =>
  safeRule({
    folds: (fold: (...args: readonly unknown[]) => unknown) => {
      const right = definition.folds(((history: unknown, given: unknown) => [history, given]) as never)
      const [history, given] = right.tapes as unknown as [unknown, object]
      return { tapes: fold(history, { ...given, ...parts() }) }
    },
  })

let asked = 0

/** Rules whose functions are wrong. */
export const WRONG_VERDICTS: readonly WrongRule[] = [
  {
    what: 'passes with no items',
    test: judging((input) =>
      input.folds.tapes.items === 0 && input.facts.safe.state === 'known'
        ? { message: 'kept', data: { count: 0 } }
        : judge(input),
    ),
    caught: ['empty-never-passes', 'cases-as-expected'],
    because: /empty histories.*is kept/,
  },
  {
    what: 'says > where it should say >=',
    test: judging((input) => judge({ ...input, options: { ...input.options, minTapes: input.options.minTapes + 1 } })),
    caught: ['boundaries-exact'],
    because: /With minTapes 2, at the limit: expected kept, and got few/,
  },
  {
    what: 'is off by a step',
    test: judging((input) => judge({ ...input, now: input.now + 3_600_000 })),
    caught: ['boundaries-exact'],
    because: /With maxAge 72000000, at the limit: expected kept, and got old/,
  },
  {
    what: 'does not heed an option',
    test: judging((input) => judge({ ...input, options: { ...input.options, maxAge: 48 * 3_600_000 } })),
    caught: ['boundaries-exact'],
    because: /a step stricter: expected old, and got kept/,
  },
  {
    what: 'keeps state between calls',
    test: judging((input) => {
      asked += 1
      const verdict = judge(input)
      return verdict.message === 'kept' ? { ...verdict, data: { count: asked } } : verdict
    }),
    caught: ['no-memory', 'same-twice', 'any-order', 'any-split'],
    because: /gave .*, and later/,
  },
  {
    what: 'changes a fact',
    test: judging((input) => {
      input.facts.safe.value?.keys.sort()
      return judge(input)
    }),
    caught: ['inputs-unchanged'],
    because: /the rule changes what it is given: Cannot assign to read only property '0'/,
  },
  {
    what: 'changes an item',
    test: testOf({
      rule: folding(() => ({
        step: (state: { count: number }, tape: Tape) => {
          Object.assign(tape, { seen: true })
          return { count: state.count + 1, last: tape }
        },
      })),
    }),
    caught: ['inputs-unchanged'],
    because: /the rule changes what it is given: Cannot add property seen/,
  },
  {
    what: 'gives a message that it does not have',
    test: judging((input) => (input.facts.safe.value?.locked === false ? { message: 'ajar' } : judge(input))),
    caught: ['verdicts-well-formed'],
    because: /"ajar" is no message of acme.safe/,
  },
  {
    what: 'fails without evidence',
    test: judging((input) => ({ ...judge(input), evidence: [] })),
    caught: ['fails-with-evidence'],
    because: /few fails, and has no evidence/,
  },
  {
    what: 'shows a secret',
    test: judging((input) => {
      const verdict = judge(input)
      return verdict.message === 'open' ? { ...verdict, data: { url: 'https://safe.example/?sig=abcdef' } } : verdict
    }),
    caught: ['no-secrets'],
    because: /looks like a secret: https:..safe.example.\?\[redacted\]/,
  },
  {
    what: 'gives an empty list',
    test: judging((input) => (judge(input).message === 'no-tapes' ? [] : judge(input))),
    caught: ['verdicts-well-formed'],
    because: /no verdict/,
  },
  {
    what: 'says one thing twice',
    test: judging((input) => [judge(input), judge(input)]),
    caught: ['verdicts-well-formed'],
    because: /kept comes twice without a subject/,
  },
  {
    what: 'throws where a fact is absent',
    test: judging((input) => {
      if (input.facts.safe.value === undefined) throw new Error('no safe')
      return judge(input)
    }),
    caught: ['absent-as-stated', 'verdicts-well-formed'],
    because: /safe absent: expected no-safe, and got rule-threw/,
  },
  {
    what: 'says otherwise than stated where a fact is absent',
    test: judging((input) =>
      judge(
        input.facts.safe.state === 'absent'
          ? { ...input, facts: { safe: { state: 'known', value: { locked: true, keys: [] } } } }
          : input,
      ),
    ),
    caught: ['absent-as-stated'],
    because: /safe absent: expected no-safe, and got kept/,
  },
  {
    what: 'thinks that it does not apply where it saw a part only',
    test: judging((input) => (input.folds.tapes.partial === true ? { message: 'no-safe' } : judge(input))),
    caught: ['partial-never-passes'],
    because: /the rule turns pass into not-applicable/,
  },
  {
    what: 'forgives a failure where it saw a part only',
    test: judging((input) =>
      input.facts.safe.partial === true && input.facts.safe.value?.locked === false
        ? { message: 'kept', data: { count: 1 } }
        : judge(input),
    ),
    caught: ['partial-never-passes'],
    because: /the rule turns fail into pass/,
  },
  {
    what: 'answers later',
    test: judging(async (input) => judge(input)),
    caught: ['verdicts-well-formed'],
    because: /a promise/,
  },
  {
    what: 'gives what is no number',
    test: judging((input) => {
      const verdict = judge(input)
      return verdict.message === 'kept' ? { ...verdict, data: { count: Number.NaN } } : verdict
    }),
    caught: ['verdicts-well-formed'],
    because: /count of kept is NaN/,
  },
  {
    what: 'never ends where the safe is open',
    test: judging((input) => {
      while (input.facts.safe.value?.locked === false);
      return judge(input)
    }),
    caught: ['comes-to-an-end'],
    because: /acme.safe does not come to an end/,
    endMs: 300,
  },
  {
    what: 'gives another number than its case expects',
    test: judging(
      (input): Verdict => ({ ...judge(input), data: { ...judge(input).data, count: input.folds.tapes.items + 1 } }),
    ),
    caught: ['cases-as-expected'],
    because: /count of kept is 3, not 2/,
  },
]
