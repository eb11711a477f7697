import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LocalFileResult, LocalJob } from '../../src/run/local-jobs.js'
import { decodeJobs, decodeResults, encodeJobs, encodeResults } from '../../src/run/local-wire.js'

const double = fc.double({ noNaN: true, noDefaultInfinity: true })
const algorithms = fc.subarray(['sha256', 'md5', 'crc32c'] as const)

const jobs: fc.Arbitrary<LocalJob[]> = fc.array(
  fc.record({
    files: fc.array(
      fc.record({
        file: fc.record({
          path: fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
          ),
          followLinks: fc.boolean(),
          pin: fc.record({
            size: fc.maxSafeNat(),
            mtimeMs: double,
            ctimeMs: double,
            ino: fc.maxSafeNat(),
            dev: fc.maxSafeNat(),
          }),
        }),
        algorithms,
        compareToFirst: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  }),
)

const result = (wanted: readonly string[]): fc.Arbitrary<LocalFileResult> =>
  fc
    .record({
      bytesRead: fc.maxSafeNat(),
      size: fc.maxSafeNat(),
      digests:
        wanted.length === 0
          ? fc.constant(undefined)
          : fc.constant(Object.fromEntries(wanted.map((name) => [name, `${name}-value`]))),
      difference: fc.option(fc.oneof(fc.constant(-1), fc.maxSafeNat()), { nil: undefined }),
      sameFile: fc.boolean(),
      error: fc.option(fc.record({ code: fc.constant('corrupt' as const), message: fc.string() }), { nil: undefined }),
    })
    .map(({ bytesRead, size, digests, difference, sameFile, error }) => ({
      bytesRead,
      size,
      ...(digests !== undefined && { digests }),
      ...(difference !== undefined && { equal: difference < 0 }),
      ...(difference !== undefined && difference >= 0 && { firstDifference: difference }),
      ...(sameFile && { sameFile }),
      ...(error !== undefined && { error }),
    }))

test('jobs arrive as they were sent', () => {
  fc.assert(
    fc.property(jobs, (sent) => {
      expect(decodeJobs(structuredClone(encodeJobs(sent)))).toEqual(sent)
    }),
  )
})

test('results arrive as they were sent', () => {
  const both = jobs.chain((sent) =>
    fc.tuple(
      fc.constant(sent),
      fc.tuple(...sent.map((job) => fc.tuple(...job.files.map((file) => result(file.algorithms))))),
    ),
  )
  fc.assert(
    fc.property(both, ([sent, results]) => {
      expect(decodeResults(sent, structuredClone(encodeResults(sent, results)))).toEqual(results)
    }),
  )
})
