import { faultSuite } from '@backproof/test-servers/suites'
import { describe } from 'vitest'
import { deniedByAzure } from './credentials.js'
import { customerKeys } from './customer-keys.js'
import { echoedSecrets } from './echoes.js'
import { openAzurePlatform } from './support/azure-platform.js'
import { tlsFaults } from './tls.js'

const azure = await openAzurePlatform()

faultSuite(azure, (vault) => {
  describe('access', () => deniedByAzure(vault, azure))
  describe('tls', () => tlsFaults(vault, azure))
  describe('customer keys', () => customerKeys(vault, azure))
  describe('echoes of signatures, tokens and customer keys', () => echoedSecrets(vault, azure))
})
