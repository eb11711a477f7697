import type { RequestCounters } from '@backproof/test-servers'

/** What the SDK asks for by itself, from another service. */
export const BY_SDK: readonly string[] = ['token', 'subjectToken']

/** What came for the buckets: tokens are not counted. */
export const withoutTokens = (requests: RequestCounters): RequestCounters => {
  const counts = (): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(requests.counts()).filter(([operation]) => !BY_SDK.includes(operation)))
  return {
    ...requests,
    counts,
    total: () => Object.values(counts()).reduce((sum, count) => sum + count, 0),
    log: () => requests.log().filter(({ operation }) => !BY_SDK.includes(operation)),
  }
}
