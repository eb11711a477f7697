import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peakOf, type Stretch } from '../src/concurrency.js'

describe('the peak of stretches of time', () => {
  const stretch = fc.record<Stretch>({ start: fc.nat(30), end: fc.nat(40) }).filter(({ start, end }) => start <= end)
  const isOpen = ({ start, end }: Stretch, at: number): boolean => start <= at && at < Math.max(end, start + 1)

  it('is the first moment at which the most of them are open', () => {
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 20 }), (stretches) => {
        const counts = Array.from({ length: 50 }, (_, at) => stretches.filter((one) => isOpen(one, at)).length)
        const most = Math.max(...counts)
        const peak = peakOf(stretches)
        expect(peak?.count ?? 0).toBe(most)
        if (peak === undefined) return
        expect(peak.at).toBe(counts.indexOf(most))
        expect(peak.stretches).toHaveLength(most)
        for (const one of peak.stretches) expect(isOpen(one, peak.at)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
