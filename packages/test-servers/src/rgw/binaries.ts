import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const BINARIES = ['radosgw', 'radosgw-admin', 'ceph-osd', 'ceph-mon', 'monmaptool', 'ceph', 'rados']

const isInstalled = (binary: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, binary), constants.X_OK)
      return true
    } catch {
      return false // not in this folder
    }
  })

/**
 * `undefined` when everything that {@link startRgw} runs is installed, else the Debian packages that bring it,
 * separated by spaces: `apt-get install --no-install-recommends <packages>`.
 */
export const rgwMissing = (): string | undefined =>
  BINARIES.every(isInstalled) ? undefined : 'radosgw ceph-osd ceph-mon ceph-common'
