import { execFileSync, spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Report } from '@backproof/core/report'
import type { S3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backproof, lastLine, runProcess } from '../support/cli.js'
import { azureInventoryOf, s3InventoryOf, storageInsightsOf } from '../support/inventories.js'
import { s3Place } from '../support/s3.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const FILES = { 'a.txt': 'alpha', 'dir/b.txt': 'beta' }
const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

interface Laid {
  readonly root: string
  readonly shop: string
}
/** A directory `shop`, and beside it what a service wrote. */
const laid = (written: Readonly<Record<string, string | Uint8Array>>): Laid => {
  const root = temporaryDirectory()
  writeTree(join(root, 'lists'), written)
  return { root, shop: writeTree(join(root, 'shop'), FILES) }
}

describe('an S3 Inventory that was copied to a disk', () => {
  const manifest = '2026-11-01T01-00Z/manifest.json'

  it('proves a directory without a request, and says that it is a list', async () => {
    const { root } = laid(s3InventoryOf(FILES))
    const { code, stdout } = await backproof(['compare', 'shop', `s3-inventory:lists/${manifest}`], { cwd: root })
    expect(lastLine(stdout)).toContain(`are in s3-inventory+file://${root}/lists/${manifest}`)
    expect(stdout).toContain('2 match')
    expect(code).toBe(0)
  })

  it('finds what differs and what is missing, and takes nothing from a list that is too old', async () => {
    const { root } = laid(s3InventoryOf({ 'a.txt': 'ALPHA', 'dir/b.txt': 'beta', 'dir/c.txt': 'gone' }))
    const args = ['compare', 'shop', `s3-inventory:lists/${manifest}`]
    const { code, stdout } = await backproof(args, { cwd: root })
    expect(stdout).toMatch(/^mismatch +a\.txt +md5 /m)
    expect(stdout).toMatch(/^extra +dir\/c\.txt/m)
    expect(code).toBe(1)
    const old = laid(s3InventoryOf(FILES, { made: new Date(Date.now() - 7_200_000) }))
    for (const [age, code] of [
      ['3h', 0],
      ['1h', 3],
    ] as const) {
      const aged = await backproof([...args, '--max-age', age], { cwd: old.root })
      expect(aged.code).toBe(code)
      if (code === 3) expect(aged.stdout).toMatch(/^unverifiable +a\.txt +.*older/m)
    }
  })

  it('takes options under its own word, and --code knows them', async () => {
    const { root, shop } = laid(s3InventoryOf({ 'shop/a.txt': 'alpha', 'shop/dir/b.txt': 'beta', other: 'x' }))
    const args = ['compare', 'shop', `s3-inventory:lists/${manifest}`, '--with', 's3-inventory:prefix=shop/']
    const { code, stdout } = await backproof([...args, '--with', 'profile=aws'], { cwd: root })
    expect([code, lastLine(stdout)]).toEqual([0, expect.stringContaining('?prefix=shop%2F')])
    const program = await backproof([...args, '--code'], { cwd: root })
    expect(program.stdout).toContain("import { s3Inventory } from '@backproof/provider-aws'")
    const opened = `files: localDirectory({ path: '${root}/lists' }), manifest: '${manifest}', prefix: 'shop/'`
    expect(program.stdout).toContain(`s3Inventory({ ${opened} })`)
    expect(program.stdout).toContain(`localDirectory({ path: '${shop}' })`)
    symlinkSync(MODULES, join(root, 'node_modules'))
    writeFileSync(join(root, 'program.mjs'), program.stdout)
    const ran = await runProcess(process.execPath, [join(root, 'program.mjs')])
    expect([ran.code, lastLine(ran.stdout)]).toEqual([0, lastLine(stdout)])
  })

  it('is the record of a verification too', async () => {
    const { root } = laid(s3InventoryOf({ ...FILES, 'a.txt': 'ALPHA' }))
    const args = ['verify', 'shop', '--against', `s3-inventory:lists/${manifest}`]
    const { code, stdout } = await backproof(args, { cwd: root })
    expect(stdout).toMatch(/^mismatch +a\.txt/m)
    expect(code).toBe(1)
  })

  it('is refused where it is damaged: nothing of it counts', async () => {
    const { root } = laid({ ...s3InventoryOf(FILES), 'data/one.csv.gz': 'x' })
    const { code, stdout, stderr } = await backproof(['compare', 'shop', `s3-inventory:lists/${manifest}`], {
      cwd: root,
    })
    expect(stdout + stderr).toContain('its manifest says')
    expect(code).not.toBe(0)
  })
})

describe('an S3 Inventory in a bucket', () => {
  let server: S3Server
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    ;({ server, env } = await s3Place())
    for (const name of ['backups', 'lists']) server.admin.createBucket({ name })
    for (const [key, content] of Object.entries(FILES)) await server.admin.put('backups', key, Buffer.from(content))
    const written = s3InventoryOf(FILES, { folder: 'inv/backups/daily/' })
    for (const [key, content] of Object.entries(written)) await server.admin.put('lists', key, Buffer.from(content))
  })
  afterAll(() => server.close())

  const list = 's3://lists/inv/backups/daily/2026-11-01T01-00Z/manifest.json'

  it.each([`s3-inventory:${list}`, `s3-inventory+${list}`, `S3-Inventory:${list}`])('is %s', async (place) => {
    const { shop } = laid({})
    const { code, stdout } = await backproof(['compare', shop, place, '--json', '--with', 'profile=aws'], { env })
    const { result } = JSON.parse(stdout) as Report
    expect(result.replicas[0]!.uri).toBe(`s3-inventory+${list}`)
    expect(result.totals.grades.stored).toBe(2)
    expect(code).toBe(0)
  })

  it('has another provider as a program, and a plan that reads nothing of it', async () => {
    const { shop } = laid({})
    const args = ['compare', shop, 's3://backups', `s3-inventory:${list}`, '--with', 'profile=aws']
    const plan = await backproof([...args, '--plan'], { env })
    expect(lastLine(plan.stdout)).toMatch(/^9 bytes would be read/)
    const { stdout } = await backproof([...args, '--code'], { env })
    expect(stdout).toContain("import { provider, s3Inventory } from '@backproof/provider-aws'")
    expect(stdout).toContain(
      "s3Inventory({ files: await provider.fromUri('s3://lists', { options: { profile: 'aws' } }), manifest",
    )
  })

  it.each([
    ['s3-inventory:', /names no file/],
    ['s3-inventory:s3://lists', /names no manifest/],
    ['s3-inventory:s3://lists/inv/', /names no manifest/],
    [`s3-inventory:${list}?prefix=x`, /has a query.*\n.*--with s3-inventory:prefix/],
    ['s3-inventory:s3://lists/%zz', /no escape/],
    ['rclone-list:s3://lists/x', /not on this machine/],
  ])('%s is refused', async (place, said) => {
    const { code, stderr } = await backproof(['compare', '.', place], { env })
    expect(stderr).toMatch(said)
    expect(code).toBe(2)
  })
})

describe('lists of other services', () => {
  it('a report of Storage Insights', async () => {
    const { root } = laid(storageInsightsOf(FILES))
    const { code, stdout } = await backproof(['compare', 'shop', 'storage-insights:lists/report/daily_manifest.json'], {
      cwd: root,
    })
    expect(lastLine(stdout)).toMatch(/^Proven: all 2 objects/)
    expect(code).toBe(0)
  })

  it('a blob inventory of Azure, whose digests are claims', async () => {
    const { root } = laid(azureInventoryOf(FILES))
    const args = ['compare', 'shop', 'azure-inventory:lists/daily/daily-manifest.json']
    const container = [...args, '--with=azure-inventory:container=backups']
    expect((await backproof(container, { cwd: root })).code).toBe(3)
    const { code, stdout } = await backproof([...container, '--require', 'claimed'], { cwd: root })
    expect(lastLine(stdout)).toMatch(/^Proven weakly: all 2 objects/)
    expect(code).toBe(0)
  })

  it.skipIf(spawnSync('rclone', ['version']).error !== undefined)('what rclone listed (rclone)', async () => {
    const { root, shop } = laid({})
    const listed = execFileSync('rclone', ['lsjson', '-R', '--hash', '--files-only', shop])
    writeFileSync(join(root, 'list.json'), listed)
    const args = ['compare', 'shop', 'rclone-list:list.json', '--require', 'claimed']
    const { code, stdout } = await backproof(args, { cwd: root })
    expect(lastLine(stdout)).toMatch(/^Proven weakly: all 2 objects/)
    expect(code).toBe(0)
    const program = await backproof([...args, '--code'], { cwd: root })
    expect(program.stdout).toContain(`rcloneList({ path: '${root}/list.json' })`)
    const plain = await backproof(['compare', 'shop', 'list.json'], { cwd: root })
    expect(plain.stderr).toContain('If it is one, write rclone-list:list.json')
  })

  it.each([
    ['s3-inventory', s3InventoryOf(FILES), '2026-11-01T01-00Z/manifest.json'],
    ['storage-insights', storageInsightsOf(FILES), 'report/daily_manifest.json'],
    ['azure-inventory', azureInventoryOf(FILES), 'daily/daily-manifest.json'],
  ])('%s: the word that is missing is named', async (word, written, manifest) => {
    const { root } = laid(written)
    for (const args of [
      ['compare', 'shop', `lists/${manifest}`],
      ['verify', 'shop', '--against', `lists/${manifest}`],
    ]) {
      const { code, stderr } = await backproof(args, { cwd: root })
      expect(stderr).toContain(`looks like a list of objects\nIf it is one, write ${word}:lists/${manifest}.`)
      expect(code).toBe(2)
    }
  })
})
