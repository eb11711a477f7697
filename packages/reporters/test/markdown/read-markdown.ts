import markdownIt from 'markdown-it'
import type { ReadBack } from '../support/read-back.js'
import { textContent } from '../support/rendered.js'
import { exitCodeOf } from '../terminal/read-terminal.js'

/** What the rendered text says: counts from its first table, the verdict from what it begins with. */
export const markdownSays = (text: string): ReadBack => {
  const html = markdownIt().render(text)
  const [table = ''] = /<tbody>.*?<\/tbody>/s.exec(html) ?? []
  const statuses: Record<string, number> = {}
  let waived = 0
  for (const [, status = '', count = '', accepted = '0'] of table.matchAll(
    /<td>([a-z-]+)<\/td>\s*<td[^>]*>([\d,]+)(?: \(([\d,]+) waived\))?<\/td>/g,
  )) {
    if (status !== 'all' && count !== '0') statuses[status] = Number(count.replaceAll(',', ''))
    waived += Number(accepted.replaceAll(',', ''))
  }
  const sentence = textContent(/<strong>(.*?)<\/strong>/s.exec(html)?.[1] ?? '')
  return { statuses, waived, exitCode: exitCodeOf(sentence, (statuses['fail'] ?? 0) - waived) }
}
