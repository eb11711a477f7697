import { faultSuite } from '@backproof/test-servers/suites'
import { describe } from 'vitest'
import { answersOfDownloads } from './answers.js'
import { deniedByGoogle } from './credentials.js'
import { customerKeys } from './customer-keys.js'
import { echoedKeys } from './echoes.js'
import { promptEnds } from './prompt-end.js'
import { openGcsPlatform } from './support/gcs-platform.js'

const gcs = await openGcsPlatform()

faultSuite(gcs, (vault) => {
  describe('access', () => deniedByGoogle(vault, gcs.server))
  describe('customer keys', () => customerKeys(vault, gcs))
  describe('echoes of customer keys', () => echoedKeys(vault, gcs))
  describe('ended early', () => promptEnds(vault))
  describe('downloads', () => answersOfDownloads(vault, gcs))
})
