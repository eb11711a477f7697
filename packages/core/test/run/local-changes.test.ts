import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalFile } from '../../src/source/index.js'
import {
  compared,
  localFile,
  MIB,
  only,
  pattern,
  readAll,
  readOne,
  type TempDirectory,
  tempDirectory,
} from './local-files.js'

let directory: TempDirectory
beforeAll(() => {
  directory = tempDirectory()
})
afterAll(() => directory.remove())

const at = (name: string): string => join(directory.path, name)

describe('a file that does not stay as it was listed', () => {
  const big = pattern(12 * MIB)

  test.each<readonly [string, (path: string) => void]>([
    ['truncated', (path) => truncateSync(path, 5 * MIB)],
    ['grown', (path) => appendFileSync(path, 'more')],
    [
      'overwritten with as many bytes',
      (path) => {
        const fd = openSync(path, 'r+')
        writeSync(fd, 'x', 11 * MIB)
        closeSync(fd)
      },
    ],
    ['overwritten, and its time set back', (path) => rewriteKeepingTime(path, 11 * MIB)],
    ['linked', (path) => linkSync(path, `${path}-link`)],
  ])('%s while it is read', async (name, change) => {
    directory.write(`while-${name}`, big)
    // A whole second, so that setting the time back brings back exactly this.
    utimesSync(at(`while-${name}`), 1_700_000_000, 1_700_000_000)
    const file = localFile(at(`while-${name}`))
    const other = directory.write(`other-${name}`, big)
    const job = compared(other, file)
    const results = await readOne(job, (turn) => turn === 0 && change(file.path as string))
    expect(results[1]!.error?.code).toBe('changed')
    expect(results[1]!.equal).toBeUndefined()
    expect(results[1]!.firstDifference).toBeUndefined()
    expect(results[0]!.error).toBeUndefined()
  })

  test('removed while it is read: the open file is whole, but it was unlinked, which its ctime tells', async () => {
    const file = directory.write('unlinked', big)
    const [result] = await readOne(only(file), (turn) => turn === 0 && rmSync(at('unlinked')))
    expect(result!.error?.code).toBe('changed')
  })

  test('a change of the base is no difference of the other', async () => {
    const base = directory.write('base-changes', big)
    const other = directory.write('base-other', big)
    const results = await readOne(compared(base, other), (turn) => {
      if (turn > 0) return
      const fd = openSync(at('base-changes'), 'r+')
      writeSync(fd, 'x', 11 * MIB)
      closeSync(fd)
    })
    expect(results[0]!.error?.code).toBe('changed')
    expect(results[1]!.error).toBeUndefined()
    expect(results[1]!.equal).toBeUndefined()
  })

  test.each<readonly [string, (path: string) => void, string]>([
    ['grown', (path) => appendFileSync(path, 'more'), 'its size was 10'],
    ['given another time', (path) => utimesSync(path, 1, 1), 'modified'],
    ['rewritten, and its time set back', (path) => rewriteKeepingTime(path, 5), 'modified, renamed or relinked'],
    [
      'replaced by another file',
      (path) => {
        const old = localFile(path)
        writeFileSync(`${path}-new`, pattern(10, 9))
        utimesSync(`${path}-new`, old.pin.mtimeMs / 1000, old.pin.mtimeMs / 1000)
        renameSync(`${path}-new`, path)
      },
      'another file',
    ],
    [
      'replaced by a FIFO',
      (path) => {
        rmSync(path)
        expect(spawnSync('mkfifo', [path]).status).toBe(0)
      },
      'a FIFO',
    ],
    [
      'replaced by a directory',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
      'a directory',
    ],
    [
      'replaced by a device',
      (path) => {
        rmSync(path)
        symlinkSync('/dev/zero', path)
      },
      'symbolic link',
    ],
    [
      'replaced by a symbolic link to itself',
      (path) => {
        renameSync(path, `${path}-moved`)
        symlinkSync(`${path}-moved`, path)
      },
      'symbolic link',
    ],
  ])('%s before it is opened', async (name, change, told) => {
    directory.write(`before-${name}`, pattern(10))
    utimesSync(at(`before-${name}`), 1_700_000_000, 1_700_000_000)
    const file = localFile(at(`before-${name}`))
    // The clock that stamps files ticks every few milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 20))
    change(file.path as string)
    const [result] = await readOne(only(file))
    expect(result).toMatchObject({ bytesRead: 0, error: { code: 'changed' } })
    expect(result!.error!.message).toContain(told)
  })

  test('replaced by a socket', async () => {
    const file = directory.write('socket', pattern(10))
    rmSync(at('socket'))
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve))
    try {
      expect((await readOne(only(file)))[0]!.error?.code).toBe('changed')
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('times before 1970 and with fractions are no change', async () => {
    directory.write('old', pattern(10))
    for (const seconds of [-1.5, -86_400.123456, 0.1, 1_700_000_000.987654]) {
      spawnSync('touch', ['-d', `@${seconds}`, at('old')])
      expect((await readOne(only(localFile(at('old')))))[0]).toEqual({ bytesRead: 10, size: 10 })
    }
  })
})

describe('links and names', () => {
  test('a link is followed only when asked to', async () => {
    directory.write('target', pattern(10))
    symlinkSync(at('target'), at('to-target'))
    const followed = localFile(at('to-target'), true)
    expect((await readOne(only(followed)))[0]).toEqual({ bytesRead: 10, size: 10 })
    expect((await readOne(only({ ...followed, followLinks: false })))[0]!.error?.code).toBe('changed')
  })

  test('names that are no UTF-8', async () => {
    const path = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.of(0xff, 0x0a, 0x80)])
    writeFileSync(path, pattern(10))
    expect((await readOne(only(localFile(path))))[0]).toEqual({ bytesRead: 10, size: 10 })
    const [gone] = await readOne(only({ ...localFile(path), path: Buffer.concat([path, Buffer.of(0xfe)]) }))
    expect(gone!.error).toMatchObject({ code: 'not-found', subject: `${directory.path}/\udcff\n\udc80\udcfe` })
    expect(gone!.error!.message).toContain('\\xff\\n\\x80\\xfe')
  })
})

describe('a file that the system cannot give', () => {
  const unpinned = (path: string): LocalFile => localFile(path)

  test('an input/output error is corrupt, and spoils neither its neighbours nor the batch', async () => {
    const good = directory.write('good', pattern(10))
    const [bad, after] = await readAll([compared(good, unpinned('/proc/self/mem')), only(good)])
    expect(bad![0]).toEqual({ bytesRead: 10, size: 10 })
    expect(bad![1]).toMatchObject({ bytesRead: 0, error: { code: 'corrupt' } })
    expect(bad![1]!.error!.message).toContain('(EIO)')
    expect(after).toEqual([{ bytesRead: 10, size: 10 }])
  })

  test('more bytes than its size is corrupt, never a short proof', async () => {
    const [result] = await readOne(only(unpinned('/proc/self/status')))
    expect(result!.error).toMatchObject({ code: 'corrupt' })
    expect(readFileSync('/proc/self/status').length).toBeGreaterThan(0)
  })

  test('less bytes than its size, though nothing changed, is corrupt', async () => {
    // Attributes of sysfs claim a page and hold a few bytes.
    const path = '/sys/kernel/mm/transparent_hugepage/enabled'
    const fallback = '/sys/kernel/uevent_seqnum'
    const file = [path, fallback].map(tryFile).find((found) => found !== undefined)
    expect(file, 'needs /sys').toBeDefined()
    expect(file!.pin.size).toBe(4096)
    const [result] = await readOne(only(file!))
    expect(result!.error).toMatchObject({ code: 'corrupt' })
    expect(result!.error!.message).toContain('of 4096 bytes')
  })
})

const rewriteKeepingTime = (path: string, offset: number): void => {
  const { mtimeMs } = localFile(path).pin
  const fd = openSync(path, 'r+')
  writeSync(fd, 'x', offset)
  closeSync(fd)
  utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
}

const tryFile = (path: string): LocalFile | undefined => {
  try {
    return localFile(path)
  } catch {
    return undefined
  }
}
