import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { keyToBytes } from '@backproof/core/source'
import { sourceConformance } from '@backproof/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webdavSource } from './webdav.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0
let server: ChildProcess
let temp = ''
let url = ''
/** The tests change files behind the back of the server, which remembers folders. */
let forget: () => Promise<void>

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

beforeAll(async () => {
  if (!hasRclone) return
  temp = await mkdtemp(join(tmpdir(), 'backproof-webdav-'))
  const [address, control] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
  const flags = ['--user', 'me', '--pass', 'sesame', '--read-only', '--rc', '--rc-no-auth', '--rc-addr', control]
  // Names go through as they are.
  server = spawn('rclone', ['serve', 'webdav', temp, '--addr', address, '--local-encoding', 'Slash', ...flags], {
    stdio: 'ignore',
  })
  url = `http://${address}/`
  forget = async () => void (await fetch(`http://${control}/vfs/forget`, { method: 'POST' }))
  for (let i = 0; i < 200; i++) {
    if ((await fetch(url).catch(() => undefined)) !== undefined) return
    await delay(50)
  }
  throw new Error('rclone does not answer')
})
afterAll(async () => {
  server?.kill()
  await rm(temp, { recursive: true, force: true })
})

const authorization = `Basic ${Buffer.from('me:sesame').toString('base64')}`
let folder = ''
const pathOf = (key: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), keyToBytes(key)])
const put = async (key: string, bytes: Uint8Array): Promise<void> => {
  const path = pathOf(key)
  await mkdir(path.subarray(0, path.lastIndexOf('/')), { recursive: true })
  await writeFile(path, bytes)
}

describe.skipIf(!hasRclone)('a folder on a WebDAV server (Debian package rclone)', () => {
  const kit = sourceConformance({
    traits: {
      keyOrder: 'utf8',
      access: 'random',
      pinning: 'etag',
      listingDigests: [],
      statDigests: [],
      rangeReads: false,
      versions: false,
      readCost: 'paid',
    },
    offers: ['dispose'],
    secrets: [authorization, 'sesame'],
    async open(content) {
      folder = await mkdtemp(join(temp, 'case-'))
      for (const { key, bytes } of content) await put(key, bytes)
      await forget()
      return webdavSource({ url: `${url}${folder.slice(temp.length + 1)}`, authorization })
    },
    replace: (key, bytes) => put(key, bytes).then(forget),
    remove: (key) => rm(pathOf(key)).then(forget),
    close: () => rm(folder, { recursive: true, force: true }),
    canHold: ({ key, linkTarget }) => {
      if (linkTarget !== undefined) return 'WebDAV has no links'
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      return /[\x00-\x1f\x7f]/.test(key) ? 'rclone serves control characters as other characters' : true
    },
  })
  it('keeps the contract of a source: every case but those that its traits leave out', async () => {
    const { results, passed } = await kit.run()
    const told = (outcome: string): string[] =>
      results.filter((one) => one.outcome === outcome).map(({ name, reason }) => `${name}: ${reason}`)
    expect(told('failed')).toEqual([])
    expect(passed).toBeGreaterThan(55)
    for (const line of told('skipped')) {
      expect(line).toMatch(
        /no links|no versions|no ranges|no digests|has bytes to read|no scan|no localFile|no preflight|rclone serves/,
      )
    }
  })

  it('tells a wrong password and a missing folder apart, and keeps the secret', async () => {
    const wrong = webdavSource({ url, authorization: 'Basic c2VjcmV0' })
    const error: unknown = await wrong.describe().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'access-denied', provider: 'webdav' })
    expect(JSON.stringify(error)).not.toContain('c2VjcmV0')
    const nowhere = webdavSource({ url: `${url}nowhere`, authorization })
    await expect(nowhere.describe()).rejects.toMatchObject({ code: 'not-found' })
    expect(() => webdavSource({ url: 'http://me:sesame@host/' })).toThrow(/credentials/)
  })

  it('is a place of the command: compare --provider FILE webdav://... DIRECTORY', async () => {
    folder = await mkdtemp(join(temp, 'case-'))
    const copy = await mkdtemp(join(temp, 'copy-'))
    const files = { 'a/b.txt': 'one', 'a b%41.txt': 'two', 'ümlaut\udcff': 'three', z: 'z'.repeat(3_000_000) }
    for (const [key, content] of Object.entries(files)) await put(key, Buffer.from(content))
    execFileSync('cp', ['-a', `${folder}/.`, copy])
    await forget()
    const command = async () => {
      const cli = join(import.meta.dirname, '../../packages/cli/dist/bin.js')
      const from = `${url.replace('http', 'webdav')}${folder.slice(temp.length + 1)}`
      const args = ['--import', 'tsx', cli, 'compare', '--provider', './webdav.ts', '--json', from, copy]
      const child = spawn(process.execPath, args, {
        cwd: import.meta.dirname,
        env: { ...process.env, WEBDAV_AUTH: authorization },
      })
      const ended = new Promise((resolve) => child.on('close', resolve))
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
      return { code: await ended, stdout, stderr }
    }
    const good = await command()
    expect(good.code, good.stderr + good.stdout).toBe(0)
    expect(good.stdout + good.stderr).not.toContain(authorization)
    await writeFile(join(copy, 'a/b.txt'), 'oNe')
    const damaged = await command()
    expect([damaged.code, damaged.stdout]).toEqual([1, expect.stringContaining('a/b.txt')])
  })
})

it.each([
  ['<html><body>a login page</body></html>', 'unsupported'],
  ['<D:multistatus xmlns:D="DAV:"/>', 'unsupported'],
  ['<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a', 'unavailable'],
  ['', 'unavailable'],
])('takes an answer that is none of WebDAV for an error, never for an empty folder: %j', async (answer, code) => {
  const page = createServer((_, response) => response.writeHead(207).end(answer)).listen(0, '127.0.0.1')
  await new Promise((resolve) => page.once('listening', resolve))
  const source = webdavSource({ url: `http://127.0.0.1:${(page.address() as AddressInfo).port}/` })
  const listing = async () => {
    for await (const entries of source.list()) expect(entries).toEqual([])
  }
  await expect(listing()).rejects.toMatchObject({ code, provider: 'webdav' })
  page.closeAllConnections()
  await new Promise((resolve) => page.close(resolve))
})

it('is under 150 lines in all, whatever files it is made of', async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => !name.endsWith('.test.ts'))
  expect(files).toContain('webdav.ts')
  const texts = await Promise.all(files.map((name) => readFile(join(import.meta.dirname, name), 'utf8')))
  expect(texts.join('').match(/\n/g)?.length).toBeLessThan(150)
})
