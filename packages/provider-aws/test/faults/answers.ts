import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Front, type FrontAnswer, type FrontRequest, startFront } from './support/front.js'
import { KEYS, type Vault } from './support/vault.js'

const LOGIN = `<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input name="password"></form></body></html>`
const html = { status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN }

interface Answer {
  readonly name: string
  readonly answer: FrontAnswer
}

/** Good statuses, and no answer of S3. */
const NO_LISTINGS: readonly Answer[] = [
  { name: 'a login page', answer: html },
  {
    name: 'a login page in XHTML',
    answer: { ...html, body: '<?xml version="1.0"?><html><body><p>Sign in</p></body></html>' },
  },
  { name: 'nothing', answer: { status: 200, headers: { 'content-type': 'application/xml', 'content-length': '0' } } },
  { name: 'JSON', answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"login":true}' } },
  { name: 'an empty document', answer: { status: 200, body: '<?xml version="1.0"?>' } },
  { name: 'an empty listing element', answer: { status: 200, body: '<ListBucketResult/>' } },
  { name: 'a page without IsTruncated', answer: { edit: (xml) => xml.replace(/<IsTruncated>\w+<\/IsTruncated>/, '') } },
  { name: '204 without content', answer: { status: 204 } },
]

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))
const isListing = ({ url }: FrontRequest): boolean => url.searchParams.has('list-type')
const isObject =
  (key: string, method: string) =>
  ({ url, method: used }: FrontRequest): boolean =>
    used === method && url.pathname === `/vault/${key}`

/** Answers with a good status that S3 did not give. */
export const foreignAnswers = (vault: () => Vault): void => {
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront(vault().server.url)
    vault().fault()
  })
  afterAll(() => front?.[Symbol.asyncDispose]())

  const behind = (): { readonly endpoint: string } => ({ endpoint: front!.url })
  const whenever = (is: (request: FrontRequest) => boolean, answer: FrontAnswer, times = Number.POSITIVE_INFINITY) => {
    let count = 0
    front!.answer((request) => (is(request) && ++count <= times ? answer : undefined))
    return () => count
  }

  test('an honest front: all match', async () => {
    front!.answer(undefined)
    expect(await vault().compare('front', { s3: behind() })).toMatchObject({ exit: 0, keys: allMatch })
  })

  describe('instead of a listing', () => {
    for (const { name, answer } of NO_LISTINGS) {
      test(`${name}, for ever: never an empty bucket, but incomplete (unavailable)`, async () => {
        const count = whenever(isListing, answer)
        const told = await vault().compare(name, { s3: behind() })
        expect(told).toMatchObject({ complete: false, exit: 3, keys: {}, code: 'unavailable' })
        expect(told.message).toMatch(/s3:\/\/vault.* is no answer of S3.*check the endpoint/)
        expect(count()).toBe(3)
      })

      test(`${name}, once: all match`, async () => {
        whenever(isListing, answer, 1)
        const told = await vault().compare(name, { s3: behind() })
        expect(told).toMatchObject({ exit: 0, keys: allMatch, retries: 1 })
      })
    }
  })

  test('a login page instead of each answer: nothing starts (unavailable)', async () => {
    whenever(() => true, html)
    const told = await vault().compare('login page', { s3: behind() })
    expect(told).toMatchObject({ exit: undefined, code: 'unavailable' })
    expect(told.message).toMatch(/\(text\/html\) is no answer of S3/)
  })

  test('a redirect to a login page: not followed, nothing starts', async () => {
    whenever(() => true, { status: 302, headers: { location: 'http://login.invalid/?ticket=secret' } })
    const told = await vault().compare('redirect', { s3: behind() })
    expect(told).toMatchObject({ exit: undefined, keys: {} })
    expect(told.message).toMatch(/s3:\/\/vault.*HTTP 302/)
    expect(told.message).not.toContain('ticket')
  })

  test('a login page instead of HeadObject, for ever: error (unavailable), not another size', async () => {
    whenever(isObject(KEYS.kms, 'HEAD'), { ...html, headers: { ...html.headers, 'content-length': '107' } })
    const told = await vault().compare('login page for HEAD', { s3: behind() })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.kms]: 'error: unavailable' })
    expect(told).toMatchObject({ exit: 3, complete: true })
  })

  for (const [name, headers] of [
    ['with its length', { 'content-length': String(LOGIN.length) }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ] as const) {
    test(`a login page instead of GetObject ${name}, for ever: error (unavailable), not damage`, async () => {
      whenever(isObject(KEYS.plain, 'GET'), { ...html, headers: { ...html.headers, ...headers } })
      const told = await vault().compare('login page for GET', { s3: behind(), require: 'read' })
      expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'error: unavailable' })
      expect(told).toMatchObject({ exit: 3, complete: true })
    })
  }

  test('a page of the right length instead of GetObject: error (unavailable), not another content', async () => {
    const body = LOGIN.padEnd(200_000)
    whenever(isObject(KEYS.plain, 'GET'), { ...html, body, headers: { 'content-length': '200000' } })
    const told = await vault().compare('long login page', { s3: behind(), require: 'read' })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'error: unavailable' })
  })

  test("a proxy's 502 in HTML, once: all match", async () => {
    whenever(isListing, { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' }, 1)
    expect(await vault().compare('502', { s3: behind() })).toMatchObject({ exit: 0, keys: allMatch, retries: 1 })
  })

  test("a proxy's 502 in HTML, for ever: incomplete (unavailable), with the status", async () => {
    whenever(isListing, { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' })
    const told = await vault().compare('502', { s3: behind() })
    expect(told).toMatchObject({ complete: false, exit: 3, keys: {}, code: 'unavailable' })
    expect(told.message).toContain('HTTP 502')
  })

  test('listing of versions that is a login page: an error, not an empty bucket', async () => {
    whenever(({ url }) => url.searchParams.has('versions'), html)
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
