import type { ReportDocument, Reporter } from '../../src/index.js'

/** All that a reporter writes of a document. */
export const textOf = async (reporter: Reporter, document: ReportDocument): Promise<string> => {
  let text = ''
  for await (const piece of reporter.render(document)) text += piece
  return text
}
