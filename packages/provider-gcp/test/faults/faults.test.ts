import { faultSuite } from '@backproof/test-servers/suites'
import { openGcsPlatform } from './support/gcs-platform.js'

const gcs = await openGcsPlatform()

faultSuite(gcs)
