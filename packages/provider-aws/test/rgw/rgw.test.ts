import { rgwMissing, startRgw } from '@backproof/test-servers'
import { afterAll, describe, it } from 'vitest'
import { s3Conformance } from '../support/s3-conformance.js'
import { bitRot, ROTTEN } from './bit-rot.js'
import { COMMAND, commandLine } from './command-line.js'
import { customerKeys, ENCRYPTED } from './customer-key.js'
import { leastPrivilege, SHARED, VAULT } from './least-privilege.js'
import { LOST, lostTail } from './lost-tail.js'
import { clientOf, type Place } from './place.js'
import { hasRclone } from './rclone.js'
import { MIXED, rcloneOracle } from './rclone-oracle.js'
import { createSnapshots } from './snapshot.js'
import { traffic } from './traffic.js'
import { KEPT, versions } from './versions.js'

const packages = 'Debian packages radosgw ceph-osd ceph-mon ceph-common'

// Before the suites are registered: the conformance kit wants to know the server. Ours ends with this process at the latest.
const rgw = rgwMissing() === undefined ? await startRgw({ idleMs: 2_000 }) : undefined
const started: Place | undefined = rgw && { rgw, owner: clientOf(rgw, rgw.credentials) }

const place = (): Place => {
  if (started === undefined) throw new Error('The gateway is not installed.')
  return started
}

describe.skipIf(started === undefined)(`S3 by Ceph's gateway (${packages})`, () => {
  afterAll(async () => {
    started?.owner.destroy()
    await rgw?.close()
  })

  const snapshots = createSnapshots(place)
  const {
    url: endpoint = 'http://127.0.0.1',
    region = '',
    credentials = { accessKeyId: '', secretAccessKey: '' },
  } = rgw ?? {}
  s3Conformance({ name: "Ceph's gateway", profile: 'ceph', endpoint, region, credentials }, { describe, it })
  bitRot(place, snapshots)
  lostTail(place, snapshots)
  leastPrivilege(place, snapshots)
  versions(place, snapshots)
  customerKeys(place, snapshots)
  traffic(place)
  rcloneOracle(place, snapshots)
  commandLine(place, snapshots)
  // The last one: all others have run by then.
  snapshots.compareAll([ROTTEN, LOST, VAULT, SHARED, KEPT, ENCRYPTED, COMMAND, ...(hasRclone ? [MIXED] : [])])
})
