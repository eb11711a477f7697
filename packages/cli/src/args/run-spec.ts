import { REPORT_OPTION } from './report-choices.js'
import type { OptionSpec } from './spec.js'

/** Findings that the human report shows by default. */
export const SHOWN_BY_DEFAULT = 50

/** What counts as proven. */
export const POLICY_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'require',
    type: 'string',
    value: 'GRADE',
    help: 'Weakest evidence that counts: read, stored, claimed or size. Default stored.',
  },
  {
    name: 'strength',
    type: 'string',
    value: 'KIND',
    help: 'Weakest kind of digest that counts: cryptographic, legacy or error-detecting. Default error-detecting.',
  },
  {
    name: 'extras',
    type: 'string',
    value: 'allow|fail',
    help: 'Whether objects nobody expected fail the run. Default fail.',
  },
  {
    name: 'normalise',
    type: 'string',
    value: 'HOW',
    help: 'When names count as equal: exact, nfc or casefold. Default exact.',
  },
]

/** Which objects are looked at. */
export const SCOPE_OPTIONS: readonly OptionSpec[] = [
  { name: 'include', type: 'string', multiple: true, value: 'GLOB', help: 'Only keys that match. Repeatable.' },
  { name: 'exclude', type: 'string', multiple: true, value: 'GLOB', help: 'Never keys that match. Repeatable; wins.' },
  { name: 'from', type: 'string', value: 'KEY', help: 'First key to look at (a part of the whole; parts merge).' },
  { name: 'to', type: 'string', value: 'KEY', help: 'First key not to look at any more.' },
  {
    name: 'shard',
    type: 'string',
    value: 'K/N',
    help: 'Only part K of N, from 1/N to N/N, chosen by a hash of the key.',
  },
  {
    name: 'symlinks',
    type: 'string',
    value: 'HOW',
    help: 'Symbolic links on disk: report (compare targets), follow or skip. Default report.',
  },
  { name: 'one-file-system', type: 'boolean', help: 'Do not enter other file systems mounted below a directory.' },
]

/** How the run works. */
export const WORK_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'record',
    type: 'string',
    value: 'ALGS',
    help: 'Digests to compute of all that is read, for --ndjson: sha256,blake3,...',
  },
  {
    name: 'algorithm',
    type: 'string',
    value: 'ALG',
    help: 'Algorithm of a checksum file that does not say it itself.',
  },
  { name: 'concurrency', type: 'string', value: 'N', help: 'Requests in flight to services. Default 16.' },
  {
    name: 'workers',
    type: 'string',
    value: 'N',
    help: 'Threads that read local files; 0 for none. Default: processors, at most 4; 1 with an archive.',
  },
  {
    name: 'temp',
    type: 'string',
    value: 'DIR',
    help: "Where sorting spills to. Default: the system's directory for temporary files.",
  },
  {
    name: 'provider',
    type: 'string',
    multiple: true,
    value: 'PACKAGE',
    help: 'A third-party provider: package name or path of a module. Repeatable.',
  },
  {
    name: 'with',
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'An option for the provider of a URI: profile=ceph, requesterPays=true, customerKey=env:VARIABLE. With s3: in front only for that scheme; options of lists always have their word in front. Repeatable.',
  },
]

/** What is written where. */
export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'json',
    type: 'boolean',
    help: 'One JSON document {result, telemetry} on standard output instead of text; with --plan the plan, with --explain its explanations.',
  },
  {
    name: 'ndjson',
    type: 'string',
    value: 'FILE',
    help: 'Every finding as a line of JSON, matches included. Earlier rows are replaced; a file of something else is refused.',
  },
  REPORT_OPTION,
  {
    name: 'quiet',
    type: 'boolean',
    short: 'q',
    help: 'Nothing when all is proven; otherwise only the last sentence, on standard error.',
  },
  {
    name: 'findings',
    type: 'string',
    value: 'N',
    help: `How many failing findings the report keeps. Default ${SHOWN_BY_DEFAULT} as text, 1000 as JSON.`,
  },
  {
    name: 'show',
    type: 'string',
    value: 'WHAT',
    help: 'failing (default), or all: every finding as it comes, matches too.',
  },
  {
    name: 'explain',
    type: 'string',
    value: 'KEY',
    help: 'Only this key, as a report shows it: what was compared, who vouches for each digest, what was read, what would tell more.',
  },
  { name: 'no-progress', type: 'boolean', help: 'No progress line, not even on a terminal.' },
  { name: 'code', type: 'boolean', help: 'Print the program that does the same with the API, instead of running it.' },
]

export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'all proven'],
  [1, 'mismatch, missing, extra (unless allowed), unreadable; a rule that fails without a waiver'],
  [2, 'wrong usage or configuration; nothing was checked'],
  [3, 'not proven: changed, unverifiable, unknown, no access, nothing to check, incomplete'],
  [70, 'internal error, or output that could not be written'],
  [130, 'interrupted (Ctrl-C); 143 when terminated'],
]
