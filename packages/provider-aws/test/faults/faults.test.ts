import { faultSuite } from '@backproof/test-servers/suites'
import { describe } from 'vitest'
import { deniedByS3 } from './credentials.js'
import { customerKeys } from './customer-keys.js'
import { echoedKeys } from './echoes.js'
import { goneWhenRead } from './gone.js'
import { openS3Platform } from './support/s3-platform.js'

const s3 = await openS3Platform()

faultSuite(s3, (vault) => {
  describe('access', () => deniedByS3(vault, s3.server))
  describe('customer keys', () => customerKeys(vault, s3.server))
  describe('gone for reads', () => goneWhenRead(vault, s3))
  describe('echoes of customer keys', () => echoedKeys(vault, s3))
})
