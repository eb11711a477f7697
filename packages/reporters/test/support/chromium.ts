import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type HtmlOptions, htmlReporter, type ReportDocument, writeReportFile } from '../../src/index.js'

/** A page that is open in Chromium, and all that it did which a report must not do. */
export interface Opened {
  readonly page: Page
  /** Dialogs, errors, refusals of the policy, and requests for anything but the file. */
  readonly deeds: readonly string[]
}

export interface Pages extends AsyncDisposable {
  readonly browser: Browser
  /** Writes the document as HTML, opens it as a file, and waits until its script is done; without JavaScript until it is loaded. */
  readonly open: (document: ReportDocument, options?: BrowserContextOptions, html?: HtmlOptions) => Promise<Opened>
}

/** Debian's Chromium, which `.ci/run` installs. */
const CHROMIUM = '/usr/bin/chromium'

/** One browser for the tests of a file. */
export const openPages = async (): Promise<Pages> => {
  const folder = await mkdtemp(join(tmpdir(), 'backproof-html-'))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  let files = 0
  const open: Pages['open'] = async (document, options = {}, html = {}) => {
    files += 1
    const path = join(folder, `${files}.html`)
    await writeReportFile(document, htmlReporter(html), path)
    const url = pathToFileURL(path).href
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const deeds: string[] = []
    page.on('dialog', (dialog) => {
      deeds.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('pageerror', (error) => deeds.push(`error ${error.message}`))
    page.on('console', (message) => deeds.push(`console ${message.text()}`))
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== url) deeds.push(`request ${request.url()}`)
    })
    await page.goto(url)
    if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]', { state: 'attached' })
    return { page, deeds }
  }
  return {
    browser,
    open,
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await rm(folder, { recursive: true })
    },
  }
}
