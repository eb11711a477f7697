// Proves that three clouds and a disk hold the same backup, in one run that reads each file of the directory once. It starts
// the clouds on this machine and damages one object on each; with clouds of your own, leave `clouds` out and give each
// source what it needs: the SDKs find credentials by themselves.
import { compare, escapeKey, exitCode, summarize } from '@backproof/core'
import { s3Source } from '@backproof/provider-aws'
import { azureBlobSource } from '@backproof/provider-azure'
import { gcsSource } from '@backproof/provider-gcp'
import { localDirectory } from '@backproof/provider-local'
import { startClouds } from './clouds.js'

const [directory = 'docs', prefix = 'shop/'] = process.argv.slice(2)
await using clouds = await startClouds(directory, prefix)
console.log(clouds.damage.join('\n'))

const source = localDirectory({ path: directory })
const replicas = [
  s3Source({ bucket: 'backups', prefix, ...clouds.s3 }),
  azureBlobSource({ container: 'backups', prefix, ...clouds.azure }),
  gcsSource({ bucket: 'backups', prefix, ...clouds.google }),
  localDirectory({ path: clouds.disk }),
]
const run = compare({ source, replicas, require: 'read' })
for await (const findings of run) {
  for (const { key, outcome, replica = 0, rotten } of findings) {
    if (outcome === 'match') continue
    const why = rotten === undefined ? '' : ` (${rotten} is rotten)`
    console.log(`${outcome} ${escapeKey(key)} in ${replicas[replica]?.uri}${why}`)
  }
}
const { result } = await run.report()
console.log(summarize(result).sentence)
console.log(
  `${result.source.bytesRead} of ${result.source.bytes} bytes of the directory were read, once for all copies.`,
)
process.exitCode = exitCode(result)
for (const replica of replicas) await replica[Symbol.asyncDispose]?.()
