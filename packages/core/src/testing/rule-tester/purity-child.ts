import { text } from 'node:stream/consumers'
import { askDirectly } from './ask-directly.js'
import type { RulePurity } from './purity.js'
import { questionOf } from './question.js'
import { setTraps } from './traps.js'
import type { RuleTest } from './types.js'

/*
 * The process of `rulePurity`: takes URLs of modules as JSON on stdin, gives what their rules reached for as JSON on stdout. Traps are
 * set before the modules load, so that what they keep is trapped too; they only count while a rule is asked.
 */

const urls = JSON.parse(await text(process.stdin)) as readonly string[]
const { write } = process.stdout
const traps = setTraps()

const purityOf = async (module: string): Promise<RulePurity> => {
  const { default: test } = (await import(module)) as { default?: RuleTest }
  if (test?.cases === undefined) throw new Error(`${module} has no default export that is a RuleTest.`)
  const factory = test.rule as Parameters<typeof questionOf>[0]
  const trapped = new Set<string>()
  for (const one of test.cases) {
    const question = questionOf(factory, one)
    for (const name of traps.during(() => askDirectly(question))) trapped.add(name)
  }
  return { module, rule: factory.meta.id, trapped: [...trapped].sort() }
}

const found: RulePurity[] = []
for (const url of urls) found.push(await purityOf(url))
write.call(process.stdout, `\n${JSON.stringify(found)}`)
