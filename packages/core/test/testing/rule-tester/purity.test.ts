import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rulePurity } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'
import { REACH_NAMES } from './impure-rules.cases.js'

const execArgv = ['--import', import.meta.resolve('tsx'), '--conditions', 'backproof-source']
const file = (name: string): string => pathToFileURL(join(import.meta.dirname, name)).href
const moduleOf = (name: string): string => `${file('impure-rules.cases.ts')}?${encodeURIComponent(name)}`
const found = await rulePurity({ modules: REACH_NAMES.map(moduleOf), execArgv })
const trapped = new Map(found.map((one) => [one.module, one.trapped]))

describe('a rule that reaches for', () => {
  it.each(['nothing', 'new Date() of a time'])('%s is pure', (name) => {
    expect(trapped.get(moduleOf(name))).toEqual([])
  })

  it.each(REACH_NAMES.slice(2))('%s is caught', (name) => {
    expect(trapped.get(moduleOf(name))).toEqual([name.replace(' kept', '')])
  })
})

describe('purity', () => {
  it('cannot be told of a module that is not there, or tests no rule', async () => {
    await expect(rulePurity({ modules: [file('none.ts')], execArgv })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/^The modules of rules cannot be asked: Error.*: Cannot find module/),
    })
    await expect(rulePurity({ modules: [file('right-rule.ts')], execArgv })).rejects.toThrow(/no default export/)
  })

  it('ends when it is aborted', async () => {
    const reason = new Error('enough')
    const asked = rulePurity({ modules: [moduleOf('nothing')], execArgv, signal: AbortSignal.abort(reason) })
    await expect(asked).rejects.toBe(reason)
  })
})
