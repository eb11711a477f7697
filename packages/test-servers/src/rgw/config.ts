import { randomBytes } from 'node:crypto'

export interface ClusterSettings {
  readonly directory: string
  readonly fsid: string
  readonly monitorPort: number
  readonly s3Port: number
  readonly store: 'memstore' | 'bluestore'
  readonly gib: number
  readonly idleMs: number
}

/** Address of the one monitor, as `ceph.conf` and `monmaptool` write it. */
export const monitorAddress = (port: number): string => `[v2:127.0.0.1:${port}]`

/** `ceph.conf` of a cluster with one monitor, one OSD and one gateway, all on the loopback interface. */
export const cephConfig = (settings: ClusterSettings): string => {
  const { directory, fsid, monitorPort, s3Port, store } = settings
  const bytes = Math.round(settings.gib * 1024 ** 3)
  return `[global]
fsid = ${fsid}
mon host = ${monitorAddress(monitorPort)}
public network = 127.0.0.0/8
public addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${directory}/keyring
auth allow insecure global id reclaim = false
run dir = ${directory}/run
log file = ${directory}/log/$name.log
mon cluster log file = ${directory}/log/cluster.log
# The path of a socket has to fit into 107 bytes, and nobody asks these.
admin socket =
debug rgw = 0
debug ms = 0
debug osd = 0
debug mon = 0
debug paxos = 0
debug monc = 0
# One monitor has nobody to wait for: with the default of a second, the pools alone take ten.
paxos propose interval = 0.02
paxos min wait = 0.01
# Who asks before the monitor listens asks again after this many seconds.
mon client hunt interval = 0.3
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
# The state is small; a developer's disk may be nearly full.
mon data avail warn = 2
mon data avail crit = 1
[mon.a]
mon data = ${directory}/mon
[osd.0]
osd data = ${directory}/osd
osd objectstore = ${store}
osd journal = ${directory}/osd/journal
memstore device bytes = ${bytes}
bluestore block size = ${bytes}
bluestore fsck on mount = false
osd memory target = 1073741824
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${s3Port} request_timeout_ms=${settings.idleMs}
rgw data = ${directory}/rgw
rgw dns name = localhost
rgw crypt require ssl = false
rgw verify ssl = false
rgw dynamic resharding = false
rgw enable usage log = false
rgw lifecycle work time = 00:00-23:59
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=${randomBytes(32).toString('base64')}
`
}

const CAPS = ['mon', 'osd', 'mgr'].map((who) => `\tcaps ${who} = "allow *"\n`).join('')

/** A secret as Ceph writes it: type 1 (AES), time of creation, length, 16 bytes; little-endian, in base64 (CryptoKey in ceph/src/auth/Crypto.cc). */
const cephKey = (): string => {
  const head = Buffer.alloc(12)
  head.writeUInt16LE(1, 0)
  head.writeUInt32LE(Math.floor(Date.now() / 1000), 2)
  head.writeUInt16LE(16, 10)
  return Buffer.concat([head, randomBytes(16)]).toString('base64')
}

/** Keyring of all parts of the cluster. They may do everything: the cluster holds nothing but tests. */
export const cephKeyring = (): string =>
  ['mon.', 'client.admin', 'osd.0', 'client.rgw'].map((name) => `[${name}]\n\tkey = ${cephKey()}\n${CAPS}`).join('')
