import { expect, it } from 'vitest'
import type { ReportRow } from '../../src/index.js'
import { endOf } from '../../src/junit/test-case.js'

it('a case of a status that is not known here is an error', () => {
  expect(endOf({ status: 'later' as ReportRow['status'], waiver: undefined })).toBe('error')
})
