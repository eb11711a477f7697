/** The text of rendered HTML, as a reader sees it. */
export const textContent = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

/** The text that does not stand between backticks. */
export const outsideCode = (html: string): string => textContent(html.replace(/<code>[^<]*<\/code>/g, ''))
