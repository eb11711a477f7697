import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packPage } from '../../page/packed.js'

it('the script and the style in the sources are those of the page', async () => {
  for (const [name, source] of Object.entries(await packPage())) {
    const path = join(import.meta.dirname, '../../src/html', name)
    expect(await readFile(path, 'utf8'), 'run `npm run page -w @backproof/reporters`').toBe(source)
  }
})
