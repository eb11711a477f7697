import { startS3Server } from '@backproof/test-servers'
import { afterAll, describe, it } from 'vitest'
import { s3Conformance } from './support/s3-conformance.js'

const server = await startS3Server()
afterAll(() => server.close())

s3Conformance(
  {
    name: 'the S3 test server',
    profile: 'aws',
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
  },
  { describe, it },
)
