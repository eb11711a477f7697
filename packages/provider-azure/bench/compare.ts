/**
 * How fast a directory and a container are compared, against rclone doing the same on the same server (azurite, started here).
 * Run from the repository's root after a build; needs the Debian package rclone:
 *
 *     npx tsx --conditions=backproof-source packages/provider-azure/bench/compare.ts [objects] [rounds]
 *
 * Puts that many blobs of 4 KiB (default 2,000) and six of 64 MiB into a container, with the Content-MD5 that rclone claims.
 * Every contestant is a whole process, run by turns; the table shows medians, and the ratio to rclone's.
 */
import { fileURLToPath } from 'node:url'
import { startAzurite } from '@backproof/test-servers'
import { raceRclone } from '@backproof/test-servers/race'

const [objects = '2000', rounds = '3'] = process.argv.slice(2)
await using azurite = await startAzurite()
await azurite.createContainer('bench')
raceRclone({
  name: 'bench',
  uri: `azblob://${azurite.account}/bench`,
  bin: fileURLToPath(new URL('../../cli/dist/bin.js', import.meta.url)),
  env: {
    AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
    RCLONE_CONFIG_R_TYPE: 'azureblob',
    // The only way by which rclone goes to an account in a path.
    RCLONE_CONFIG_R_SAS_URL: `${azurite.url}/bench?${azurite.sas({ container: 'bench', permissions: 'racwdl' })}`,
  },
  uploads: [['--transfers', '8']],
  storedGrade: 'claimed',
  objects: Number(objects),
  rounds: Number(rounds),
})
