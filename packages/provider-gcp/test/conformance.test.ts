import { startGcsServer } from '@backproof/test-servers'
import { afterAll, describe, it } from 'vitest'
import { gcsConformance } from './support/gcs-conformance.js'

const server = await startGcsServer()
afterAll(() => server.close())

gcsConformance(server, 'the Cloud Storage test server', { describe, it })
