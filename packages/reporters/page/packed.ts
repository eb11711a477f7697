import { join } from 'node:path'
import { build } from 'esbuild'

/** Sources, by the names of their files, that hold the script and the style of the page. */
export const packPage = async (): Promise<Readonly<Record<'page-script.ts' | 'page-style.ts', string>>> => ({
  'page-script.ts': moduleOf('PAGE_SCRIPT', 'main.ts', await pack('main.ts')),
  'page-style.ts': moduleOf('PAGE_STYLE', 'style.css', await pack('style.css')),
})

const pack = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, name)],
    bundle: true,
    minify: true,
    write: false,
    charset: 'ascii',
    format: 'iife',
    target: name.endsWith('.css') ? ['chrome109', 'firefox115', 'safari16'] : 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    tsconfigRaw: {},
  })
  return outputFiles[0]!.text.trim()
}

const moduleOf = (name: string, from: string, text: string): string => {
  if (/<\/|<!--/.test(text)) throw new Error(`${from} holds what would end its element.`)
  return [
    `/** Packed from \`page/${from}\`: change that, then run \`npm run page -w @backproof/reporters\`. */`,
    '// biome-ignore-all format: packed text',
    '// biome-ignore-all lint: packed text',
    `export const ${name}: string = ${JSON.stringify(text)}`,
    '',
  ].join('\n')
}
