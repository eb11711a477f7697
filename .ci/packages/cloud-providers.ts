import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/** A provider, and a place that is not there, asked for by the SDK that npm installed as a peer. */
interface CloudProvider {
  readonly name: string
  readonly sdk: string
  readonly uri: string
  /** The URI of the source that it opens. */
  readonly opened: string
  /** JavaScript: options for a service at `url`. */
  readonly options: string
  /** JavaScript: whether a request is one of the service's, signed. */
  readonly signed: string
  /** How the service says that there is no such place. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const CLOUDS: Readonly<Record<'s3' | 'azblob' | 'gs', CloudProvider>> = {
  s3: {
    name: '@backproof/provider-aws',
    sdk: '@aws-sdk/client-s3',
    uri: 's3://backups/shop',
    opened: 's3://backups/shop/',
    options: "{ endpoint: url, credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'of no use' } }",
    signed: "request.headers.authorization?.startsWith('AWS4-HMAC-SHA256')",
    headers: { 'content-type': 'application/xml' },
    body: '<Error><Code>NoSuchBucket</Code></Error>',
  },
  azblob: {
    name: '@backproof/provider-azure',
    sdk: '@azure/storage-blob',
    uri: 'azblob://account/backups/shop',
    opened: 'azblob://account/backups/shop/',
    options:
      "{ connectionString: 'DefaultEndpointsProtocol=http;AccountName=account;AccountKey=b2Ygbm8gdXNl;BlobEndpoint=' + url + '/account' }",
    signed: "request.headers.authorization?.startsWith('SharedKey account:')",
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': 'ContainerNotFound' },
    body: '<Error><Code>ContainerNotFound</Code></Error>',
  },
  gs: {
    name: '@backproof/provider-gcp',
    sdk: '@google-cloud/storage',
    uri: 'gs://backups/shop',
    opened: 'gs://backups/shop/',
    options: '{ endpoint: url, anonymous: true }',
    signed: "request.url.startsWith('/storage/v1/b/backups')",
    headers: { 'content-type': 'application/json' },
    body: '{"error":{"code":404,"message":"The specified bucket does not exist.","errors":[{"reason":"notFound"}]}}',
  },
}

const programOf = ({ name, sdk, uri, options, signed, headers, body }: CloudProvider): string => `
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { provider } from '${name}'
const server = createServer((request, response) => {
  response.writeHead(${signed} ? 404 : 403, ${JSON.stringify(headers)})
  response.end(request.method === 'HEAD' ? undefined : ${JSON.stringify(body)})
}).listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port
  const source = await provider.fromUri('${uri}', { options: ${options} })
  const error = await source.describe().then(() => undefined, (reason) => reason)
  await source[Symbol.asyncDispose]()
  server.close()
  let folder = createRequire(import.meta.resolve('${name}')).resolve('${sdk}')
  while (!folder.endsWith('${sdk}')) folder = folder.slice(0, folder.lastIndexOf('/'))
  const { version } = JSON.parse(readFileSync(folder + '/package.json'))
  console.log(JSON.stringify({ uri: source.uri, code: error?.code, message: error?.message, sdk: version }))
})
`

/** A provider finds its peer and speaks to a service with it, and the command finds the provider. */
export const cloudProviderWorks =
  (scheme: keyof typeof CLOUDS) =>
  async ({ project }: Context): Promise<string> => {
    const cloud = CLOUDS[scheme]
    const fix = `Look at peerDependencies and exports of ${cloud.name}, and at the known providers of the command.`
    await writeFile(join(project, `${scheme}.js`), programOf(cloud))
    const { stdout } = await mustRun(process.execPath, [`${scheme}.js`], project, fix)
    const { uri, code, sdk } = JSON.parse(stdout) as { uri: string; code?: string; sdk: string }
    if (uri !== cloud.opened || code !== 'not-found')
      throw new CheckFailure(`A place that is not there gave ${stdout.trim()}.`, fix)
    const bin = join(project, 'node_modules/.bin/backproof')
    const program = await mustRun(bin, ['compare', '--code', '.', cloud.uri], project, fix)
    if (!program.stdout.includes(`from '${cloud.name}'`))
      throw new CheckFailure(`The command did not open ${scheme}:// with the provider: ${program.stdout}`, fix)
    return `with ${cloud.sdk}@${sdk}, and from the command`
  }
