import { countBy, type ReadBack } from '../support/read-back.js'

export interface GithubCommand {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/**
 * The commands in a log, as the runner takes them (actions/runner, `ActionCommand.TryParseV2`): a line that begins with `::` behind
 * spaces; the next `::` ends name and properties.
 */
export const readGithub = (log: string): readonly GithubCommand[] =>
  log
    .split(/\r\n|[\r\n]/)
    .map((line) => line.trimStart())
    .filter((line) => line.startsWith('::') && line.includes('::', 2))
    .map((line) => {
      const end = line.indexOf('::', 2)
      const head = line.slice(2, end)
      const space = head.indexOf(' ')
      const properties = space < 0 ? '' : head.slice(space + 1)
      return {
        command: space < 0 ? head : head.slice(0, space),
        properties: Object.fromEntries(
          properties.split(',').map((pair) => {
            const equals = pair.indexOf('=')
            return [pair.slice(0, equals), unescaped(pair.slice(equals + 1), PROPERTY)]
          }),
        ),
        data: unescaped(line.slice(end + 2), DATA),
      }
    })

const DATA = { '%0D': '\r', '%0A': '\n', '%25': '%' }
const PROPERTY = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' }

const unescaped = (text: string, escapes: Readonly<Record<string, string>>): string =>
  text.replace(/%[0-9A-F]{2}/g, (code) => escapes[code] ?? code)

const EXIT_CODES: Readonly<Record<string, number>> = { notice: 0, error: 1, warning: 3 }

/** What a log says of the run, if no annotation was left out. */
export const githubSays = (log: string): ReadBack => {
  const [run, ...rows] = readGithub(log)
  const standings = rows.map(({ properties }) => /: ([a-z-]+)(, waived)? \([a-z]+\)$/.exec(properties['title']!)!)
  return {
    statuses: countBy(standings, ([, status]) => status!),
    waived: standings.filter(([, , waived]) => waived !== undefined).length,
    exitCode: EXIT_CODES[run!.command]!,
  }
}
