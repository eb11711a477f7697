/**
 * What an HTML report costs: 5,000 and 50,000 rows of an audit, 50,000 of a comparison; written to a file (seconds, what memory
 * grows by, size), then opened in Chromium (`/usr/bin/chromium`): until something is seen, until all rows are there, and one search
 * through all of them. Run from the repository's root, after `npm run build:js`:
 *
 *     npx tsx packages/reporters/bench/html.ts
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { audit, defineRule } from '@backproof/core/audit'
import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import { htmlReporter } from '@backproof/reporters/html'
import { keepRun, type ReportDocument, writeReportFile } from '@backproof/reporters/model'
import { type Browser, chromium } from 'playwright-core'

const told = defineRule({
  id: 'bench/told',
  title: 'Restore tests are recent',
  description: ['One in three fails.'],
  rationale: 'To be measured.',
  category: 'restore',
  severity: 'high',
  scope: 'asset',
  since: '1.0.0',
  clauses: [],
  remediation: { action: 'Restore the newest recovery point into the lab, and record what was found' },
  messages: {
    recent: { status: 'pass', text: 'the last restore test that passed was {at}' },
    old: { status: 'fail', text: 'the last restore test that passed was {at}, longer ago than 92 days' },
  },
  evaluate: ({ target: { id } }) => {
    const at = '2026-05-01T01:00:00.000Z'
    const evidence = [1, 2, 3].map((i) => ({
      kind: 'drill',
      id: `${id}-${i}`,
      at,
      data: { outcome: 'succeeded', level: 'mount', minutes: 90 + i },
    }))
    return Number(id.slice(-5)) % 3 === 0
      ? { message: 'old', data: { at }, evidence }
      : { message: 'recent', data: { at }, evidence }
  },
})

const name = (i: number): string => `asset-${String(i).padStart(5, '0')}`

const audited = (count: number): Promise<ReportDocument & AsyncDisposable> =>
  keepRun(
    audit({
      rules: [told()],
      targets: Array.from({ length: count }, (_, i) => ({ kind: 'asset', id: name(i), name: `Database ${i}` })),
    }),
  )

const compared = (count: number): Promise<ReportDocument & AsyncDisposable> => {
  const side = (uri: string, bytes: (i: number) => string): ReturnType<typeof memorySource> =>
    memorySource(
      Array.from({ length: count }, (_, i) => [`orders/2026/${name(i)}.parquet`, { bytes: bytes(i) }]),
      { uri },
    )
  return keepRun(
    compare({
      source: side('memory://shop', () => 'content'),
      replicas: [side('memory://copy', (i) => (i % 3 === 0 ? 'CONTENT' : 'content'))],
      require: 'read',
    }),
  )
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const written = async (document: ReportDocument, path: string): Promise<void> => {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  const start = performance.now()
  await writeReportFile(document, htmlReporter(), path)
  const took = performance.now() - start
  clearInterval(watch)
  console.log(
    `  written in ${seconds(took)}, memory grew by ${megabytes(most - before)}, ${megabytes((await stat(path)).size)}`,
  )
}

const opened = async (browser: Browser, path: string): Promise<void> => {
  const page = await browser.newPage()
  const start = performance.now()
  await page.goto(pathToFileURL(path).href, { waitUntil: 'commit' })
  await page.waitForSelector('html[data-ready]', { state: 'attached' })
  const ready = performance.now() - start
  const painted = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  )
  const searched = await page.evaluate(`(async () => {
    const times = []
    for (const words of ['asset-04999', 'database 1', '']) {
      const search = document.getElementById('search')
      search.value = words
      const start = performance.now()
      const changed = new Promise((resolve) => new MutationObserver(resolve).observe(document.getElementById('shown'), { childList: true }))
      search.dispatchEvent(new Event('input', { bubbles: true }))
      await changed
      times.push(Math.round(performance.now() - start))
    }
    return times
  })()`)
  const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize')
  console.log(
    `  first paint ${seconds(painted)}, all rows ${seconds(ready)}, searches (ms, of which 120 wait) ${String(searched)}, heap ${megabytes(heap)}`,
  )
  await page.close()
}

const folder = await mkdtemp(join(tmpdir(), 'backproof-bench-'))
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const works = {
    '5,000 rows of an audit': () => audited(5_000),
    '50,000 rows of an audit': () => audited(50_000),
    '50,000 rows of a comparison': () => compared(50_000),
  }
  for (const [title, make] of Object.entries(works)) {
    await using document = await make()
    const path = join(folder, 'report.html')
    console.log(title)
    await written(document, path)
    await opened(browser, path)
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}
