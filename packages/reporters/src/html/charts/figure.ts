import { type Content, html, type Markup } from '../markup.js'

/** A drawing under its title, with what it says in words. */
export const figureOf = (title: string, said: string, drawing: Content): Markup => html`<figure>
<h3>${title}</h3>
${drawing}
<figcaption>${said}.</figcaption>
</figure>
`
