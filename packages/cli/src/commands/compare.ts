import { EVIDENCE_OPTIONS, SAMPLE_OPTIONS } from '../args/evidence-spec.js'
import { type Parsed, seeHelp } from '../args/parse.js'
import { OUTPUT_OPTIONS, POLICY_OPTIONS, SCOPE_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag } from '../args/values.js'
import type { Command } from '../command.js'
import { drivePlan } from '../drive-plan.js'
import { driveRun } from '../drive-run.js'
import { writeStdout } from '../output/stdout.js'
import { isNormalised, openingArguments, prepare } from '../prepare.js'

const spec: CommandSpec = {
  name: 'compare',
  summary: 'Prove that copies hold the same objects as a source.',
  usage: ['compare [OPTIONS] A B [C ...]'],
  about: [
    'A is the source; B, C ... are replicas that should hold the same objects. Each is a directory, an archive (tar, tar.gz, tar.zst, zip: known by its contents, never unpacked) or a URI (file://, s3://, azblob://, gs://, or of a --provider). A may also be a manifest or a checksum file as sha256sum writes it.',
    'Lists that services make of their objects stand for them, as of their date: s3-inventory:MANIFEST, s3-checksum-report:MANIFEST, azure-inventory:MANIFEST, storage-insights:MANIFEST (a path, or a URI in the bucket), rclone-list:FILE (of lsjson or hashsum). Options of lists are given as --with s3-inventory:prefix=shop/.',
    'Two local sides are compared byte for byte. Elsewhere the cheapest proof that --require and --strength permit is used. Nothing is ever written to any side. The last line of the report says what was proven and how, or that it was not.',
  ],
  options: [
    ...POLICY_OPTIONS,
    ...EVIDENCE_OPTIONS,
    ...SAMPLE_OPTIONS,
    {
      name: 'metadata',
      type: 'string',
      value: 'FIELDS',
      help: 'Attributes that must be equal too: mode,owner,mtime,xattrs. Default none.',
    },
    ...SCOPE_OPTIONS,
    ...WORK_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { command: 'compare /srv/shop /mnt/backup/shop', meaning: 'Is the copy complete and intact?' },
    {
      command: 'compare /srv/shop /mnt/a/shop /mnt/b/shop --ndjson rows.ndjson',
      meaning: 'Two copies in one pass, every row on file',
    },
    {
      command: 'compare /srv/shop /mnt/backup/shop.tar.gz',
      meaning: 'Does the archive hold what the directory holds?',
    },
    {
      command: 'compare /srv/shop /restore/shop --metadata mode,owner,mtime',
      meaning: 'Check a restore, attributes included',
    },
    {
      command: "compare /srv/shop /mnt/backup/shop --exclude '**/*.tmp' --extras allow",
      meaning: 'Leave temporary files out; older extra files are fine',
    },
    {
      command: 'compare s3://backups/shop gs://backups-eu/shop --plan',
      meaning: 'What would it ask, read and cost?',
    },
    {
      command: "compare /srv/shop s3://backups/shop --policy 'db/**=read'",
      meaning: 'Read the databases on both sides; stored digests do for the rest',
    },
    {
      command: 'compare /srv/shop /mnt/backup/shop --code > prove.mjs',
      meaning: 'The same as a program to build upon',
    },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [first, ...others] = positionals
  if (first === undefined || others.length === 0)
    throw usageError(
      `compare needs a source and at least one replica; ${positionals.length === 0 ? 'none was' : 'only one place was'} given`,
      `For example: backproof compare /srv/data /mnt/backup/data. ${seeHelp(spec)}`,
    )
  const { options, choices, resolve, open, close } = await prepare(values)
  const source = await resolve(first, 'side')
  const replicas = await Promise.all(others.map((given) => resolve(given, 'replica')))
  if (flag(values, 'code')) {
    const { equivalentProgram, programChoices } = await import('../code.js')
    await writeStdout(
      equivalentProgram({ engine: 'compare', source, replicas, options, choices, ...programChoices(values) }),
    )
    return 0
  }
  const { compare } = await import('@backproof/core/compare')
  const sides = await Promise.all([source, ...replicas].map(open))
  try {
    const drive = flag(values, 'plan') ? drivePlan : driveRun
    return await drive({
      values,
      parties: {
        kind: 'compare',
        source,
        replicas,
        normalised: isNormalised(options),
        opening: openingArguments(values),
      },
      header: { kind: 'compare', source: sides[0]!.uri, replicas: sides.slice(1).map(({ uri }) => uri) },
      start: (hooks) => compare({ ...options, ...hooks, source: sides[0]!, replicas: sides.slice(1) }),
    })
  } finally {
    await close()
  }
}

export const command: Command = { spec, run }
