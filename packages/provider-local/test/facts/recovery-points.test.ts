import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type RecoveryPoint, type RecoveryPointsOfOptions, recoveryPointsOf } from '@backproof/core/history'
import { localDirectory } from '@backproof/provider-local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'facts-test-'))
  const put = async (path: string, size: number): Promise<void> => {
    const file = join(temp, path)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, '')
    await truncate(file, size)
  }
  await put('tree/shop/2026-11-01/db/orders.dump', 5_000_000_000)
  await put('tree/shop/2026-11-01/files/ü.tar', 10)
  await put('tree/shop/2026-11-01/_SUCCESS', 0)
  await put('tree/shop/2026-11-02/db/orders.dump', 7)
  await put('tree/shop-eu/2026-11-02/db/orders.dump', 8)
  await symlink('2026-11-02', join(temp, 'tree/shop/latest'))
  await put('flat/blog.tar.gz', 3)
  await utimes(join(temp, 'flat/blog.tar.gz'), 1_700_000_000, 1_700_000_000.9996)
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const pointsIn = async (
  folder: string,
  options: Omit<RecoveryPointsOfOptions, 'source'>,
): Promise<readonly RecoveryPoint[]> => {
  const points: RecoveryPoint[] = []
  const source = recoveryPointsOf({ source: localDirectory({ path: join(temp, folder) }), ...options })
  for await (const page of source.read({ signal: new AbortController().signal, now: 0 })) points.push(...page)
  return points
}

describe('recovery points in a directory', () => {
  const pattern = '{asset}/{date:YYYY-MM-DD}/**'

  it('are found by the names of its files', async () => {
    const points = await pointsIn('tree', { pattern, complete: '_SUCCESS', others: 'ignore', store: 'nas' })
    const at = (path: string): string => `${pathToFileURL(join(temp, 'tree')).href}/${path}`
    expect(
      points.map(({ id, asset, created, bytes, objects, complete }) => [id, asset, created, bytes, objects, complete]),
    ).toEqual([
      [at('shop/2026-11-01'), 'shop', Date.UTC(2026, 10, 1), 5_000_000_010, 2, true],
      [at('shop/2026-11-02'), 'shop', Date.UTC(2026, 10, 2), 7, 1, false],
      [at('shop-eu/2026-11-02'), 'shop-eu', Date.UTC(2026, 10, 2), 8, 1, false],
    ])
    expect(points.every(({ store }) => store === 'nas')).toBe(true)
  })

  it('are not all that is there: what does not fit is told', async () => {
    await expect(pointsIn('tree', { pattern })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('"shop/latest" does not match'),
    })
  })

  it('without dates are as old as their files say', async () => {
    expect(await pointsIn('flat', { pattern: '{asset}.tar.gz' })).toMatchObject([
      { asset: 'blog', created: 1_700_000_000_999, bytes: 3, objects: 1, complete: null },
    ])
  })

  it('of a directory that is gone cannot be known', async () => {
    await expect(pointsIn('gone', { pattern })).rejects.toMatchObject({ code: 'not-found' })
  })
})
