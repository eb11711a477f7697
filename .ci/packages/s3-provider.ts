import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/** A bucket that is not there, asked for by the SDK that npm installed as a peer. */
const PROGRAM = `import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { provider } from '@backproof/provider-aws'
const server = createServer((request, response) => {
  const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') === true
  response.writeHead(signed ? 404 : 403, { 'content-type': 'application/xml' })
  response.end(request.method === 'HEAD' ? undefined : '<Error><Code>NoSuchBucket</Code></Error>')
}).listen(0, '127.0.0.1', async () => {
  const options = {
    endpoint: 'http://127.0.0.1:' + server.address().port,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'of no use' },
  }
  const source = await provider.fromUri('s3://backups/shop', { options })
  const error = await source.describe().then(() => undefined, (reason) => reason)
  await source[Symbol.asyncDispose]()
  server.close()
  const manifest = createRequire(import.meta.resolve('@backproof/provider-aws')).resolve('@aws-sdk/client-s3/package.json')
  console.log(JSON.stringify({ uri: source.uri, code: error?.code, sdk: JSON.parse(readFileSync(manifest)).version }))
})
`

/** The provider finds its peer and speaks S3 with it, and the command finds the provider. */
export const s3ProviderWorks = async ({ project }: Context): Promise<string> => {
  const fix =
    'Look at peerDependencies and exports of packages/provider-aws, and at the known providers of the command.'
  await writeFile(join(project, 's3.js'), PROGRAM)
  const { stdout } = await mustRun(process.execPath, ['s3.js'], project, fix)
  const { uri, code, sdk } = JSON.parse(stdout) as { uri: string; code?: string; sdk: string }
  if (uri !== 's3://backups/shop/' || code !== 'not-found')
    throw new CheckFailure(`A bucket that is not there gave ${stdout.trim()}.`, fix)
  const bin = join(project, 'node_modules/.bin/backproof')
  const program = await mustRun(bin, ['compare', '--code', '.', 's3://backups/shop'], project, fix)
  if (!program.stdout.includes("from '@backproof/provider-aws'"))
    throw new CheckFailure(`The command did not open s3:// with the provider: ${program.stdout}`, fix)
  return `with @aws-sdk/client-s3@${sdk}, and from the command`
}
