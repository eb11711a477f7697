/** Kinds of annotations. */
export type AnnotationLevel = 'error' | 'warning' | 'notice'

export interface Annotation {
  readonly title: string
  /** Relative to the root of the repository. */
  readonly file?: string | undefined
  readonly line?: number | undefined
  /** May have several lines. */
  readonly message: string
}

/** A workflow command, ended by a newline. Values are escaped as `@actions/core` does it (its `command.ts`), so that none can be a command. */
export const command = (level: AnnotationLevel, { title, file, line, message }: Annotation): string => {
  const properties = Object.entries({ title, file, line: line?.toString() })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${escapeProperty(value!)}`)
  return `::${level}${properties.length > 0 ? ` ${properties.join(',')}` : ''}::${escapeData(message)}\n`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
