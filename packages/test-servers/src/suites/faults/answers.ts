import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Front, type FrontRequest, type Reply, startFront } from '../../front/index.js'
import { type FaultPlatform, isAbsent } from './platform.js'
import { BUCKET, KEYS, SIZE, type Vault } from './vault.js'

const LOGIN = `<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input name="password"></form></body></html>`
const html: Reply = { status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN }

/** A reply, or what is made of the text of the right one. */
type Answer = Reply | ((text: string) => string)

/** Good statuses, and no answer of any object store. */
const NO_LISTINGS: readonly { readonly name: string; readonly answer: Answer }[] = [
  { name: 'a login page', answer: html },
  {
    name: 'a login page in XHTML',
    answer: { ...html, body: '<?xml version="1.0"?><html><body><p>Sign in</p></body></html>' },
  },
  { name: 'nothing', answer: { status: 200, headers: { 'content-type': 'application/xml', 'content-length': '0' } } },
  { name: 'JSON', answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"login":true}' } },
  { name: 'an empty document', answer: { status: 200, body: '<?xml version="1.0"?>' } },
  { name: '204 without content', answer: { status: 204 } },
]

/** Answers with a good status that the service did not give. */
export const foreignAnswers = (vault: () => Vault, platform: FaultPlatform): void => {
  const { operations, listings, asked, words } = platform
  const uri = platform.uri(BUCKET)
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront({ target: platform.url, platform: platform.front })
    vault().fault()
  })
  afterAll(() => front?.close())

  const behind = (): { readonly url: string } => ({ url: front!.url })
  const whenever = (
    is: (request: FrontRequest) => boolean,
    answer: Answer,
    times = Number.POSITIVE_INFINITY,
  ): (() => number) => {
    let count = 0
    front!.setIntercept(async (request, handOn) => {
      if (!is(request) || ++count > times) return handOn()
      if (typeof answer !== 'function') return answer
      const { headers, body, ...reply } = await handOn()
      const { 'content-length': _, ...kept } = headers ?? {}
      return { ...reply, headers: kept, body: answer(String(body)) }
    })
    return () => count
  }
  const isListing = ({ operation }: FrontRequest): boolean => operation === operations.list
  const isRead = ({ operation, key }: FrontRequest): boolean => operation === operations.read && key === KEYS.plain

  test('an honest front: all match', async () => {
    front!.setIntercept(undefined)
    expect(await vault().compare('front', { at: behind() })).toMatchObject({ exit: 0, keys: vault().allMatch })
  })

  describe('instead of a listing', () => {
    for (const { name, answer } of [...NO_LISTINGS, ...listings.foreign]) {
      test(`${name}, for ever: never an empty bucket, but incomplete (unavailable)`, async () => {
        const count = whenever(isListing, answer)
        const told = await vault().compare(name, { at: behind() })
        expect(told).toMatchObject({ complete: false, exit: 3, keys: {}, code: 'unavailable' })
        expect(told.message).toMatch(new RegExp(`${uri}.* is no answer of ${words.service}.*check the endpoint`))
        expect(count()).toBe(3)
      })

      test(`${name}, once: all match`, async () => {
        whenever(isListing, answer, 1)
        const told = await vault().compare(name, { at: behind() })
        expect(told).toMatchObject({ exit: 0, keys: vault().allMatch, retries: 1 })
      })
    }
  })

  test('a login page instead of each answer: nothing starts (unavailable)', async () => {
    whenever(() => true, html)
    const told = await vault().compare('login page', { at: behind() })
    expect(told).toMatchObject({ exit: undefined, code: 'unavailable' })
    expect(told.message).toMatch(new RegExp(`\\(text/html\\) is no answer of ${words.service}`))
  })

  test('a redirect to a login page: not followed, nothing starts', async () => {
    whenever(() => true, { status: 302, headers: { location: 'http://login.invalid/?ticket=secret' } })
    const told = await vault().compare('redirect', { at: behind() })
    expect(told).toMatchObject({ exit: undefined, keys: {} })
    expect(told.message).toMatch(new RegExp(`${uri}.*HTTP 302`))
    expect(told.message).not.toContain('ticket')
  })

  if (!isAbsent(asked)) {
    test(`a login page instead of ${asked.operation}, for ever: error (unavailable), not another size`, async () => {
      const headers = { ...html.headers, ...(asked.answer === 'head' && { 'content-length': '107' }) }
      whenever(({ operation, key }) => operation === asked.operation && key === asked.key, { ...html, headers })
      const told = await vault().compare('login page for a look', { at: behind() })
      expect(told.keys).toEqual({ ...vault().allMatch, [asked.key]: 'error: unavailable' })
      expect(told).toMatchObject({ exit: 3, complete: true })
    })
  }

  for (const [name, chunked] of [
    ['with its length', undefined],
    ['in chunks', true],
  ] as const) {
    test(`a login page instead of ${operations.read} ${name}, for ever: error (unavailable), not damage`, async () => {
      whenever(isRead, { ...html, chunked })
      const told = await vault().compare('login page for a read', { at: behind(), require: 'read' })
      expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'error: unavailable' })
      expect(told).toMatchObject({ exit: 3, complete: true })
    })
  }

  test(`a page of the right length instead of ${operations.read}: error (unavailable), not another content`, async () => {
    whenever(isRead, { ...html, body: LOGIN.padEnd(SIZE) })
    const told = await vault().compare('long login page', { at: behind(), require: 'read' })
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'error: unavailable' })
  })

  const badGateway: Reply = { ...html, status: 502, body: '<html>Bad Gateway</html>' }

  test("a proxy's 502 in HTML, once: all match", async () => {
    whenever(isListing, badGateway, 1)
    const told = await vault().compare('502', { at: behind() })
    expect(told).toMatchObject({ exit: 0, keys: vault().allMatch, retries: 1 })
  })

  test("a proxy's 502 in HTML, for ever: incomplete (unavailable), with the status", async () => {
    whenever(isListing, badGateway)
    const told = await vault().compare('502', { at: behind() })
    expect(told).toMatchObject({ complete: false, exit: 3, keys: {}, code: 'unavailable' })
    expect(told.message).toContain('HTTP 502')
  })

  const { versions } = listings
  if (isAbsent(versions)) return
  test('listing of versions that is a login page: an error, not an empty bucket', async () => {
    whenever(({ operation }) => operation === versions.operation, html)
    await using source = vault().open(behind())
    const listing = source.list({ versions: true })[Symbol.asyncIterator]()
    const error: unknown = await listing.next().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    vault().outputs.add('versions', error)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
  })
}
