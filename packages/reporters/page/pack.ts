/** Packs the script and the style of HTML reports into the sources that hold them. Run it with `npm run page -w @backproof/reporters`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packPage } from './packed.js'

const folder = join(import.meta.dirname, '../src/html')
for (const [name, source] of Object.entries(await packPage())) writeFileSync(join(folder, name), source)
