import { EVIDENCE_OPTIONS, SAMPLE_OPTIONS } from '../args/evidence-spec.js'
import { type Parsed, seeHelp } from '../args/parse.js'
import { OUTPUT_OPTIONS, POLICY_OPTIONS, SCOPE_OPTIONS, WORK_OPTIONS } from '../args/run-spec.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag, text } from '../args/values.js'
import type { Command } from '../command.js'
import { drivePlan } from '../drive-plan.js'
import { driveRun } from '../drive-run.js'
import { writeStdout } from '../output/stdout.js'
import { verifiedPlaces } from '../places/bag-places.js'
import { isNormalised, openingArguments, prepare } from '../prepare.js'

const spec: CommandSpec = {
  name: 'verify',
  summary: 'Read every object again and hold it against recorded or stored digests.',
  usage: ['verify [OPTIONS] A', 'verify [OPTIONS] A --against FILE|BAG|URI'],
  about: [
    'Reads every object of A and compares its digest with the one recorded in a manifest (--against; as `backproof manifest`, sha256sum, md5sum, b3sum, hashdeep or `backproof hash` write it), or with the one that the storage service itself keeps.',
    'A plain directory keeps no digests: without --against nothing in it can be proven, and the report says so.',
  ],
  options: [
    {
      name: 'against',
      type: 'string',
      value: 'FILE|BAG|URI',
      help: 'The recorded digests: a manifest, a BagIt bag, or a list such as s3-inventory:MANIFEST. Names in it are relative to A. Default: the digests that A itself stores.',
    },
    {
      name: 'public-key',
      type: 'string',
      value: 'FILE',
      help: 'Accepts only a manifest that this Ed25519 key signed (PEM). Default: signatures are checked, whoever made them.',
    },
    {
      name: 'root',
      type: 'string',
      value: 'DIR',
      help: 'What names in a list of another tool have in front, for example /srv/shop. Default: they are relative to A.',
    },
    ...POLICY_OPTIONS,
    ...EVIDENCE_OPTIONS,
    ...SAMPLE_OPTIONS,
    ...SCOPE_OPTIONS,
    ...WORK_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { command: 'manifest /srv/shop -o shop.manifest', meaning: 'Record today ...' },
    {
      command: 'verify /srv/shop --against shop.manifest',
      meaning: '... and prove later that every byte is still the same',
    },
    {
      command: 'verify /srv/shop --against SHA256SUMS --extras allow',
      meaning: 'New files that nobody recorded are fine',
    },
    { command: 'verify /mnt/bag --against /mnt/bag', meaning: 'Is this BagIt bag complete and valid?' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [first, ...others] = positionals
  if (first === undefined || others.length > 0)
    throw usageError(
      first === undefined ? 'verify needs a place to read' : `verify takes one place, ${positionals.length} were given`,
      `For example: backproof verify /mnt/backup --against SHA256SUMS. Several places are compared with \`backproof compare\`. ${seeHelp(spec)}`,
    )
  for (const name of ['public-key', 'root'])
    if (values[name] !== undefined && values['against'] === undefined)
      throw usageError(`--${name} needs --against`, 'Name the manifest that it is about.')
  const { options, choices, resolve, open, close } = await prepare(values)
  const source = await resolve(first, 'replica')
  const given = text(values, 'against')
  const expected = given === undefined ? undefined : await resolve(given, 'baseline')
  const { read, against: holds } = verifiedPlaces(source, expected)
  if (flag(values, 'code')) {
    const { equivalentProgram, programChoices } = await import('../code.js')
    await writeStdout(
      equivalentProgram({
        engine: 'verify',
        source: read,
        against: holds,
        options,
        choices,
        ...programChoices(values),
      }),
    )
    return 0
  }
  const { verify } = await import('@backproof/core/verify')
  const side = await open(read)
  const against = holds === undefined ? undefined : await open(holds)
  try {
    const drive = flag(values, 'plan') ? drivePlan : driveRun
    return await drive({
      values,
      parties: {
        kind: 'verify',
        source,
        replicas: [],
        expected,
        normalised: isNormalised(options),
        opening: openingArguments(values),
      },
      header: { kind: 'verify', source: side.uri, replicas: [], expected: against?.uri },
      start: (hooks) => verify({ ...options, ...hooks, source: side, against }),
    })
  } finally {
    await close()
  }
}

export const command: Command = { spec, run }
