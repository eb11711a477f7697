import { verify } from '@backproof/core/verify'
import type { FaultRequest, GcsPutOptions } from '@backproof/test-servers'
import { bytesOf, QUICK, told } from '@backproof/test-servers/suites'
import { afterEach, describe, expect, it } from 'vitest'
import { outcomeOf } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()
const { server } = place
const bytes = bytesOf(64 * MIB)

afterEach(() => server.setFault(undefined))

describe.each([
  [
    'composed of others: the CRCs of its ranges are put together',
    { componentCount: 32 },
    'match stored one-sided-read crc32c',
    // As many as are read at once.
    4,
  ],
  ['uploaded at once: its ranges go through one MD5 in their order', {}, 'match read one-sided-read md5', 8],
] as const satisfies readonly (readonly [string, GcsPutOptions, string, number])[])(
  '64 MiB, %s',
  (_, put, proof, ranges) => {
    const opened = async () => {
      const bucket = await place.bucket({ k: [bytes, put] })
      return { bucket, source: place.source(bucket) }
    }

    it('is verified by several ranges at once', async () => {
      const { source } = await opened()
      let [open, most] = [0, 0]
      server.setFault(({ operation }) => {
        if (operation !== 'objects.getMedia') return undefined
        open += 1
        most = Math.max(most, open)
        setTimeout(() => (open -= 1), 50)
        return { delayMs: 50 }
      })
      const { findings, report, requests } = await outcomeOf(server, verify({ source }))
      expect(told(findings[0]!)).toBe(proof)
      expect(requests['objects.getMedia']).toBe(ranges)
      expect(report.telemetry.bytesRead).toBe(bytes.length)
      expect(most).toBeGreaterThanOrEqual(2)
    })

    it('is verified when one of them is reset half way, which alone comes again', async () => {
      const { source } = await opened()
      const isThird = ({ operation, count }: FaultRequest): boolean => operation === 'objects.getMedia' && count === 3
      server.setFault((request) => (isThird(request) ? { reset: 4 * MIB } : undefined))
      const { findings, report, requests } = await outcomeOf(server, verify({ source, retry: QUICK }))
      expect(told(findings[0]!)).toBe(proof)
      expect(requests['objects.getMedia']).toBe(ranges + 1)
      expect(report.telemetry.retries).toBe(1)
    })

    it('is found to be rotten by one bit in its sixth range', async () => {
      const { bucket, source } = await opened()
      server.admin.corrupt(bucket, 'k', 5.5 * 8 * MIB)
      const { findings } = await outcomeOf(server, verify({ source }))
      expect(told(findings[0]!)).toMatch(/^mismatch digest .*source is rotten$/)
    })
  },
)
