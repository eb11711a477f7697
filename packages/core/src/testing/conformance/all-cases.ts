import type { CaseDefinition } from './case-definition.js'
import { abortCases } from './cases/abort.js'
import { describeCases } from './cases/describe.js'
import { digestCases } from './cases/digests.js'
import { disposeCases } from './cases/dispose.js'
import { hostileKeyCases } from './cases/hostile-keys.js'
import { listCases } from './cases/list.js'
import { localFileCases } from './cases/local-file.js'
import { pinnedCases } from './cases/pinned.js'
import { preflightCases } from './cases/preflight.js'
import { rangeCases } from './cases/range.js'
import { readCases } from './cases/read.js'
import { releaseCases } from './cases/release.js'
import { scanCases } from './cases/scan.js'
import { statCases } from './cases/stat.js'

/** Every case, in the order in which they run: what others rest on comes first. */
export const allCases: readonly CaseDefinition[] = [
  ...describeCases,
  ...listCases,
  ...hostileKeyCases,
  ...statCases,
  ...readCases,
  ...rangeCases,
  ...digestCases,
  ...pinnedCases,
  ...scanCases,
  ...localFileCases,
  ...preflightCases,
  ...abortCases,
  ...releaseCases,
  ...disposeCases,
]
