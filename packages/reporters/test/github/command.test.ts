import * as actions from '@actions/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { command } from '../../src/github/command.js'
import { HOSTILE, hostileName } from '../support/hostile.js'
import { readGithub } from './read-github.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a command', () => {
  it('is the one that GitHub’s own library writes', () => {
    let written = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text)
      return true
    })
    const names = [...HOSTILE, ...fc.sample(hostileName, 100)]
    const ours = names.map((name, i) => {
      const parts = { title: name, file: names.at(-1 - i)!, line: i + 1, message: `${name}\r\n${name}` }
      actions.error(parts.message, { title: parts.title, file: parts.file, startLine: parts.line })
      return command('error', parts)
    })
    vi.restoreAllMocks()
    expect(ours.join('')).toBe(written)
  })

  it('is read back as it was by the runner', () => {
    fc.assert(
      fc.property(fc.constantFrom('error', 'warning', 'notice'), hostileName, hostileName, (level, title, message) => {
        const line = command(level, { title: `t${title}`, message })
        expect(line.split(/\r\n|[\r\n]/)).toHaveLength(2)
        expect(readGithub(line)).toEqual([{ command: level, properties: { title: `t${title}` }, data: message }])
      }),
    )
  })

  it('leaves out what there is not', () => {
    expect(command('notice', { title: '', message: 'a' })).toBe('::notice::a\n')
  })
})
