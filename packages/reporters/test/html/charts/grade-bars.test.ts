import { expect, it } from 'vitest'
import { gradeBars } from '../../../src/html/charts/grade-bars.js'
import { html, markupText } from '../../../src/html/markup.js'
import type { PlaceGrades } from '../../../src/measures/shapes.js'

const place = (i: number, other = 0): PlaceGrades => ({
  source: `s3://place-${i}`,
  replica: null,
  asOf: '2026-11-01T00:00:00.000Z',
  ...{ read: 3, stored: 0, claimed: 0, size: 0, other },
})
const shown = (places: readonly PlaceGrades[], placesOmitted = 0): string =>
  markupText(html`${gradeBars({ places, placesOmitted })}`)

it('shows the places with something unproven first, and folds what is more than a dozen', () => {
  const text = shown([...Array.from({ length: 13 }, (_, i) => place(i)), place(99, 2)], 5)
  const [seen = '', folded = ''] = text.split('<details')
  expect(seen.match(/s3:\/\/place-\d+/g)).toEqual(
    ['99', ...Array.from({ length: 11 }, (_, i) => `${i}`)].map((i) => `s3://place-${i}`),
  )
  expect(seen).toContain('3 read · 2 not proven')
  expect(folded).toContain('2 further comparisons and verifications')
  expect(folded.match(/s3:\/\/place-\d+/g)).toEqual(['s3://place-11', 's3://place-12'])
  expect(text).toContain('5 further places not shown.')
  expect(shown([place(1)])).not.toContain('<details')
})
