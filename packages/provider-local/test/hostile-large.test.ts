import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { expect, it } from 'vitest'
import { localDirectory } from '../src/index.js'
import { entryFor, readAll, tempDirectory } from './support/tree.js'

it('finds a rotten byte beyond 4 GiB of a sparse file', async () => {
  const root = tempDirectory()
  const [a, b] = [`${root}/a`, `${root}/b`]
  const at = 2 ** 32 + 5
  for (const side of [a, b]) {
    mkdirSync(side)
    writeFileSync(`${side}/disk.img`, '')
    truncateSync(`${side}/disk.img`, at + 10)
  }
  const fd = openSync(`${b}/disk.img`, 'r+')
  writeSync(fd, 'x', at)
  closeSync(fd)
  const source = localDirectory({ path: b })
  const { result } = await compare({ source: localDirectory({ path: a }), replicas: [source] }).report()
  expect(result.findings).toMatchObject([
    { key: 'disk.img', outcome: 'mismatch', reason: 'bytes', firstDifference: at },
  ])
  expect(result.source.bytes).toBe(at + 10)
  const { ref } = await entryFor(source, 'disk.img')
  expect((await readAll(source, ref, { range: { start: at - 1, end: at + 2 } })).toString('latin1')).toBe('\0x\0')
})
