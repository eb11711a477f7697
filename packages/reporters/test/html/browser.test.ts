import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SEVERITIES } from '@backproof/core/audit'
import { escapeKey } from '@backproof/core/source'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAGE_ROWS } from '../../src/html/page-data.js'
import { type AuditDocument, type Kept, type ReportDocument, statusCounts } from '../../src/index.js'
import { auditOf, VERDICTS } from '../support/audits.js'
import { openPages, type Pages } from '../support/chromium.js'
import { HOSTILE } from '../support/hostile.js'
import { poisoned } from '../support/poisoned.js'
import { comparison, STATES } from '../support/proofs.js'
import { type Samples, samples } from '../support/samples.js'
import { MEASURES } from './measured.js'

/** With `SCREENSHOTS=FOLDER`, pictures of the pages are kept there. */
const pictures = process.env['SCREENSHOTS']
const PHONE = { width: 360, height: 740 }

let all: Samples
let pages: Pages
/** An audit with all that a page can show: charts too. */
let measured: ReportDocument
/** The same with few rows. */
let few: Kept<AuditDocument>
let many: Kept<AuditDocument>
beforeAll(async () => {
  pages = await openPages()
  all = await samples()
  measured = withMeasures(all.audit)
  few = withMeasures(
    await auditOf(
      VERDICTS.map((said, i) => ({ id: `shop-${i}`, said, severity: SEVERITIES[i % 5]!, quoted: `run ${i}` })),
    ),
  )
  many = await auditOf(
    Array.from({ length: 3_000 }, (_, i) => ({
      id: `asset-${String(i).padStart(5, '0')}`,
      said: i % 3 === 0 ? 'pass' : 'fail',
      severity: i % 2 === 0 ? 'high' : 'low',
      quoted: `run ${i}`,
    })),
  )
  if (pictures !== undefined) await mkdir(pictures, { recursive: true })
})
afterAll(async () => {
  await pages[Symbol.asyncDispose]()
  await all[Symbol.asyncDispose]()
  await few[Symbol.asyncDispose]()
  await many[Symbol.asyncDispose]()
})

const withMeasures = <D extends AuditDocument>(document: D): D => ({
  ...document,
  report: { ...document.report, result: { ...document.report.result, measures: MEASURES } },
})

const said = (page: Page): Promise<string> => page.locator('#shown').innerText()
/** The number that the page announces, once it is that of the wanted rows. */
const announced = (page: Page, text: RegExp): Promise<void> =>
  page.locator('#shown').filter({ hasText: text }).waitFor()
const nodes = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)

/** How many elements of each name, and how many attributes of each name, the page has. */
const census = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => {
    const counts: Record<string, number> = {}
    const add = (name: string): void => {
      counts[name] = (counts[name] ?? 0) + 1
    }
    for (const element of document.querySelectorAll('*')) {
      add(`<${element.localName}>`)
      for (const { name } of element.attributes) add(name)
    }
    return counts
  })

const openAll = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })

/** Shows the rows of every status. */
const showAll = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const choice of document.querySelectorAll<HTMLInputElement>('input[name=standing]:not(:checked)'))
      choice.click()
  })

const POISON = `"'></script></style><script>alert(1)</script><svg onload=alert(1)><img src=x onerror=alert(1)><!--`

describe('hostile names', () => {
  it('do nothing, and make no element and no attribute', async () => {
    for (const given of [measured, all.compare]) {
      const plain = await pages.open(await poisoned(given, 'plain '))
      const hostile = await pages.open(await poisoned(given, POISON))
      for (const { page } of [plain, hostile]) await openAll(page)
      expect(await census(hostile.page)).toEqual(await census(plain.page))
      expect(hostile.deeds).toEqual([])
      for (const { page } of [plain, hostile]) await page.context().close()
    }
  })

  it('are shown as they are, with all that would hide made visible', async () => {
    const { page, deeds } = await pages.open(all.compare)
    await showAll(page)
    await announced(page, /1 to 100 are shown/)
    let text = ''
    do {
      text += await page.locator('#rows').evaluate((rows) => rows.textContent)
      await page.locator('#next').click()
    } while (!(await page.locator('#next').getAttribute('aria-disabled'))?.includes('true'))
    text += await page.locator('#rows').evaluate((rows) => rows.textContent)
    for (const name of HOSTILE) expect(text).toContain(escapeKey(name))
    expect(text).toContain('\\u202egpj.exe')
    expect(deeds).toEqual([])
    await page.context().close()
  })

  it('could not do anything even as markup: the policy of the page forbids it', async () => {
    const { page } = await pages.open(all.proven)
    const refused = await page.evaluate(async () => {
      const seen: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective))
      const holder = document.createElement('div')
      holder.innerHTML = '<img src="https://example.org/x" onerror="owned = 1"><p style="color: red">x</p>'
      document.body.append(holder)
      const script = document.createElement('script')
      script.textContent = 'owned = 1'
      document.body.append(script)
      await fetch('https://example.org/').catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { seen: [...new Set(seen)].sort(), owned: 'owned' in window }
    })
    expect(refused).toEqual({
      seen: ['connect-src', 'img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr'],
      owned: false,
    })
    await page.context().close()
  })
})

describe('findings', () => {
  it('are filtered with the keyboard alone, and the page says how many are left', async () => {
    const { page } = await pages.open(many)
    expect(await said(page)).toBe('2,000 of 6,000 rows; 1 to 100 are shown.')
    await page.locator('#search').focus()
    await page.keyboard.type('asset-00004')
    await announced(page, /^1 of 6,000 rows\.$/)
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.press('Delete')
    await announced(page, /^2,000 of/)
    // Rule, the button, then the choices: the first is `Failing`.
    for (const key of ['Tab', 'Tab', 'Tab', 'Space']) await page.keyboard.press(key)
    await announced(page, /^No row of 6,000 is as asked for\.$/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await announced(page, /^1,000 of 6,000/)
    await page.locator('button[type=reset]').press('Enter')
    await announced(page, /^2,000 of/)
    await page.locator('input[name=severity][value="1"]').press('Space')
    await announced(page, /^1,000 of/)
    await page.locator('#rule').selectOption('needy-rule')
    await announced(page, /^No row/)
    await page.context().close()
  })

  it('come in pages of bounded size, grouped by how bad they are', async () => {
    const { page } = await pages.open(many)
    const before = await nodes(page)
    const [first] = await page.locator('.rows .name').allInnerTexts()
    expect(await page.locator('.rows > li').count()).toBe(PAGE_ROWS)
    expect(await page.locator('.group > h3').allInnerTexts()).toEqual([
      expect.stringMatching(/^Failing\s+high severity\s+1,000$/),
    ])
    await page.locator('#next').press('Enter')
    await announced(page, /101 to 200 are shown/)
    expect(await page.locator('.rows .name').first().innerText()).not.toBe(first)
    expect(Math.abs((await nodes(page)) - before)).toBeLessThan(before / 4)
    await showAll(page)
    await announced(page, /^6,000 of/)
    expect(await nodes(page)).toBeLessThan(before * 1.25)
    expect(await page.locator('#previous').getAttribute('aria-disabled')).toBe('true')
    await page.context().close()
  })

  it('show evidence and what to do when they are opened', async () => {
    const { page } = await pages.open(many)
    const row = page.locator('details.row').first()
    expect(await row.locator('.more').isVisible()).toBe(false)
    await row.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await row.locator('.more').innerText()).toMatch(
      /What to do\s+Mend what is quoted\s+Evidence\s+job-run run \d+/,
    )
    await page.context().close()
  })

  it('say their counts as the result does', async () => {
    for (const given of [all.audit, all.verify, all.nothing]) {
      const { page } = await pages.open(given)
      const { findings } = statusCounts(given)
      await showAll(page)
      await announced(page, findings === 0 ? /^No row of 0/ : new RegExp(`^${findings} of ${findings} row`))
      await page.context().close()
    }
  })
})

describe('the page', () => {
  it('has nothing that axe finds: light, dark, on a phone, with everything opened', async () => {
    for (const [name, given] of Object.entries({
      audit: few,
      compare: await comparison(STATES.map((state) => [state, state])),
    })) {
      const { page } = await pages.open(given)
      await page.evaluate(axe.source)
      await showAll(page)
      await announced(page, /^(\S+) of \1 rows/)
      await openAll(page)
      for (const look of ['light', 'dark', 'phone'] as const) {
        await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' })
        if (look === 'phone') await page.setViewportSize(PHONE)
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true })
        // What is dark differs in colours only.
        const options = look === 'dark' ? { runOnly: ['color-contrast'] } : {}
        const found = await page.evaluate(async (chosen) => {
          const { axe: library } = window as unknown as { axe: typeof axe }
          const { violations, passes } = await library.run(document, chosen)
          return {
            passed: passes.map(({ id }) => id),
            violations: violations.map(({ id, impact, nodes: at }) => `${impact} ${id}: ${at[0]?.html.slice(0, 120)}`),
          }
        }, options)
        expect(found.violations, `${name}, ${look}`).toEqual([])
        const looked = look === 'dark' ? ['color-contrast'] : ['color-contrast', 'label', 'heading-order', 'region']
        expect(found.passed).toEqual(expect.arrayContaining(looked))
      }
      await page.context().close()
    }
  })

  it('fits a phone, whatever the names', async () => {
    for (const given of [measured, await poisoned(all.compare, 'x'.repeat(300))]) {
      const { page } = await pages.open(given, { viewport: PHONE })
      await openAll(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
      await page.context().close()
    }
  })

  it('says what matters without JavaScript', async () => {
    const { page, deeds } = await pages.open(many, { javaScriptEnabled: false })
    const text = await page.locator('body').innerText()
    expect(text).toContain('NOT proven: 2,000 of 3,000 checks fail')
    expect(text).toContain('The first 100 of 2,000 open rows; 6,000 in all.')
    expect(text).toContain('Filters and all other rows need JavaScript')
    expect(await page.locator('.rows > li').count()).toBe(PAGE_ROWS)
    expect(await page.locator('#filters').isVisible()).toBe(false)
    await page.locator('details.row > summary').first().click()
    expect(await page.locator('details.row .more').first().innerText()).toContain('Mend what is quoted')
    expect(deeds).toEqual([])
    await page.context().close()
  })

  it('makes the same rows as stand in it without JavaScript', async () => {
    const withScript = await pages.open(all.compare)
    const without = await pages.open(all.compare, { javaScriptEnabled: false })
    const rows = (page: Page): Promise<readonly string[]> =>
      page
        .locator('.rows > li')
        .evaluateAll((items) => items.map(({ textContent }) => textContent!.replace(/\s+/g, '')))
    expect(await rows(withScript.page)).toEqual(await rows(without.page))
    for (const { page } of [withScript, without]) await page.context().close()
  })

  it('opens its rows on paper, in dark ink', async () => {
    const { page } = await pages.open(measured, { colorScheme: 'dark', javaScriptEnabled: false })
    await page.emulateMedia({ media: 'print' })
    const row = page.locator('details.row').first()
    expect(await row.evaluate((one) => one.querySelector('.more')!.getBoundingClientRect().height)).toBeGreaterThan(20)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    if (pictures !== undefined) {
      const path = join(pictures, 'audit.pdf')
      await page.pdf({ path, format: 'A4' })
      expect((await stat(path)).size).toBeGreaterThan(1_000)
    }
    await page.context().close()
  })
})
