import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BackupError, type ErrorCode } from '../../src/errors.js'
import { errnoToBackupError, pathText } from '../../src/run/local-errors.js'
import { type TempDirectory, tempDirectory } from './local-files.js'

let directory: TempDirectory
beforeAll(() => {
  directory = tempDirectory()
})
afterAll(() => directory.remove())

const caught = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const at = (name: string): string => join(directory.path, name)
const context = { operation: 'read', subject: 'photos/a.jpg' }

describe('errors that the kernel really gives', () => {
  test.each<readonly [string, ErrorCode, boolean, () => unknown]>([
    ['ENOENT', 'not-found', false, () => openSync(at('absent'), 'r')],
    [
      'ENOTDIR',
      'not-found',
      false,
      () => {
        writeFileSync(at('file'), '')
        return openSync(at('file/below'), 'r')
      },
    ],
    [
      'EISDIR',
      'unsupported',
      false,
      () => {
        const fd = openSync(directory.path, 'r')
        try {
          return readSync(fd, Buffer.alloc(1), 0, 1, null)
        } finally {
          closeSync(fd)
        }
      },
    ],
    [
      'EIO',
      'corrupt',
      false,
      () => {
        const fd = openSync('/proc/self/mem', 'r')
        try {
          return readSync(fd, Buffer.alloc(1), 0, 1, 0)
        } finally {
          closeSync(fd)
        }
      },
    ],
    [
      'ELOOP',
      'unsupported',
      false,
      () => {
        symlinkSync(at('loop'), at('loop'))
        return openSync(at('loop'), 'r')
      },
    ],
    ['ENAMETOOLONG', 'unsupported', false, () => openSync(at('x'.repeat(300)), 'r')],
  ])('%s is %s', (name, code, retryable, action) => {
    const error = errnoToBackupError(caught(action), context)
    expect(error).toMatchObject({ code, retryable, provider: 'local', operation: 'read', subject: 'photos/a.jpg' })
    expect(error.message).toContain('photos/a.jpg')
    expect(error.message).toContain(`(${name})`)
    expect(error.cause).toMatchObject({ code: name })
  })

  test('a socket is never read', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve))
    try {
      const error = caught(() => openSync(at('socket'), constants.O_RDONLY | constants.O_NONBLOCK))
      expect(errnoToBackupError(error, context)).toMatchObject({ code: 'unsupported' })
      expect(errnoToBackupError(error, { ...context, pinned: true })).toMatchObject({ code: 'changed' })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('too many open files can be tried again', () => {
    const script = `
      const fs = require('node:fs')
      const error = (() => { try { for (;;) fs.openSync('/dev/null', 'r') } catch (e) { return e } })()
      process.stdout.write(JSON.stringify({ code: error.code, errno: error.errno }))`
    const child = spawnSync('sh', ['-c', 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, script], {
      encoding: 'utf8',
    })
    const error = errnoToBackupError(JSON.parse(child.stdout), context)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    expect(error.message).toContain('ulimit -n')
  })

  test('what permission forbids is access-denied', () => {
    mkdirSync(at('closed'), { mode: 0o700 })
    writeFileSync(at('closed/file'), 'secret')
    // Root may read everything, so that a child without privileges has to try.
    const script = `
      const fs = require('node:fs')
      if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534) }
      else fs.chmodSync(${JSON.stringify(at('closed'))}, 0)
      try { fs.openSync(${JSON.stringify(at('closed/file'))}, 'r') } catch (e) { process.stdout.write(JSON.stringify({ code: e.code, errno: e.errno })) }`
    const child = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    expect(errnoToBackupError(JSON.parse(child.stdout), context)).toMatchObject({
      code: 'access-denied',
      retryable: false,
    })
  })
})

describe('errors that need a broken disk or network', () => {
  test.each<readonly [string, number, ErrorCode, boolean]>([
    ['Unknown system error -117', -117, 'corrupt', false],
    ['Unknown system error -74', -74, 'corrupt', false],
    ['EILSEQ', -84, 'corrupt', false],
    ['Unknown system error -116', -116, 'changed', false],
    ['Unknown system error -126', -126, 'access-denied', false],
    ['Unknown system error -122', -122, 'unavailable', false],
    ['ENOSPC', -28, 'unavailable', false],
    ['EBUSY', -16, 'unavailable', true],
    ['ETIMEDOUT', -110, 'timeout', true],
    ['ENOTCONN', -107, 'unavailable', true],
    ['EPERM', -1, 'access-denied', false],
  ])('%s', (code, errno, expected, retryable) => {
    expect(errnoToBackupError(Object.assign(new Error(code), { code, errno }), context)).toMatchObject({
      code: expected,
      retryable,
    })
  })
})

test('what is no system error is internal and tells what it was', () => {
  const error = errnoToBackupError(new TypeError('no such\u001b[31m thing'), context)
  expect(error.code).toBe('internal')
  expect(error.message).toContain('no such\\x1b[31m thing')
})

test('an error of ours stays as it is', () => {
  const given = new BackupError({ code: 'throttled', message: 'slow down' })
  expect(errnoToBackupError(given, context)).toBe(given)
})

test('names are escaped in the message and whole in the subject', () => {
  const subject = pathText(Buffer.from([0x61, 0x0a, 0xff, 0x1b]))
  const error = errnoToBackupError(Object.assign(new Error('x'), { code: 'ENOENT' }), { ...context, subject })
  expect(error.message).toContain('a\\n\\xff\\x1b')
  expect(error.subject).toBe(subject)
})
