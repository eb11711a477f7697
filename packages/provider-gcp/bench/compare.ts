/**
 * How fast a directory and a bucket are compared, against rclone doing the same on the same server (our own, in a process of its
 * own). Run from the repository's root after a build; needs the Debian package rclone:
 *
 *     npx tsx --conditions=backproof-source packages/provider-gcp/bench/compare.ts [objects] [rounds]
 *
 * Puts that many objects of 4 KiB (default 5,000) and six of 64 MiB into a bucket. Every contestant is a whole process, run by
 * turns; the table shows medians, and the ratio to rclone's.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startGcsServer } from '@backproof/test-servers'
import { raceRclone } from '@backproof/test-servers/race'

if (process.send !== undefined) {
  // The race waits for its processes, so that the server cannot be in the same one.
  const server = await startGcsServer()
  server.admin.createBucket({ name: 'bench', bindings: [{ role: 'roles/storage.admin', members: ['allUsers'] }] })
  process.send(server.url)
} else {
  const [objects = '5000', rounds = '3'] = process.argv.slice(2)
  const child = fork(fileURLToPath(import.meta.url))
  const [url] = (await once(child, 'message')) as [string]
  try {
    raceRclone({
      name: 'bench',
      uri: 'gs://bench',
      bin: fileURLToPath(new URL('../../cli/dist/bin.js', import.meta.url)),
      options: ['--with', 'anonymous=true', '--with', `endpoint=${url}`],
      env: {
        RCLONE_CONFIG_R_TYPE: 'google cloud storage',
        RCLONE_CONFIG_R_ANONYMOUS: 'true',
        RCLONE_CONFIG_R_ENDPOINT: `${url}/storage/v1/`,
        RCLONE_CONFIG_R_BUCKET_POLICY_ONLY: 'true',
      },
      uploads: [['--transfers', '8']],
      storedGrade: 'stored',
      objects: Number(objects),
      rounds: Number(rounds),
    })
  } finally {
    child.kill()
  }
}
