import { defineConfig } from 'tsup'

// One output file per source file: subpath exports and worker URLs keep the shape of src/.
// Declarations come from `tsc -b` (tsup's own need a TypeScript API that TypeScript 7 does not have).
export default defineConfig({
  entry: ['src/**/*.ts'],
  format: ['esm'],
  target: 'node20',
  bundle: false,
  dts: false,
  sourcemap: true,
  clean: false,
  silent: true,
})
