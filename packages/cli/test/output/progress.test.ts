import { textWidth } from '@backproof/reporters/text'
import { expect, it } from 'vitest'
import { auditProgressText, createProgressLine, progressText } from '../../src/output/progress.js'

const progress = {
  objects: 500,
  bytes: 1_500_000,
  objectsPerSecond: 100,
  bytesPerSecond: 300_000,
  current: 'x/\u001b[2J\u202eevil/日本.txt',
}

it('says how much there is and what is left, once totals are known', () => {
  expect(progressText({ ...progress, totalObjects: 2000, totalBytes: 6_000_000, remainingMs: 15_000 }, 200)).toBe(
    '500 of 2,000 objects · 1.50 MB · 300 kB/s · 25% · 15 s left · x/\\x1b[2J\\u202eevil/日本.txt',
  )
  expect(progressText(progress, 45)).toBe('500 objects · 1.50 MB · 300 kB/s · x/\\x….txt')
})

it('counts targets in an audit', () => {
  expect(auditProgressText({ ...progress, totalObjects: 2000 }, 60)).toBe(
    '500 of 2,000 targets audited · x/\\x1b[2J\\u202eevil/日本.txt',
  )
  expect(textWidth(auditProgressText(progress, 30))).toBeLessThanOrEqual(30)
})

it('fits any terminal', () => {
  for (let columns = 0; columns < 120; columns++)
    expect(textWidth(progressText(progress, columns))).toBeLessThanOrEqual(columns)
})

it('is redrawn at most ten times a second, and leaves nothing behind', () => {
  const written: string[] = []
  const line = createProgressLine({ isTTY: true, columns: 60, write: (text) => written.push(text) })
  for (let i = 0; i < 1000; i++) line.update(progress)
  expect(written).toHaveLength(1)
  line.clear()
  line.update(progress)
  expect(written).toHaveLength(2)
  expect(written[1]).toBe('\r\u001b[2K')
})
