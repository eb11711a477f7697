import { compareKeys, type ObjectEntry } from '@backproof/core/source'

type Pages = AsyncGenerator<readonly ObjectEntry[], void, void>

/** Two listings in the order of keys as one. Both are closed however it ends. */
export async function* mergedByKey(first: Pages, second: Pages): Pages {
  try {
    let [a, b] = await Promise.all([nextPage(first), nextPage(second)])
    while (a !== undefined && b !== undefined) {
      const out: ObjectEntry[] = []
      let [i, j] = [0, 0]
      while (i < a.length && j < b.length) {
        out.push(compareKeys(a[i]!.key, b[j]!.key) <= 0 ? a[i++]! : b[j++]!)
      }
      yield out
      a = i < a.length ? a.slice(i) : await nextPage(first)
      b = j < b.length ? b.slice(j) : await nextPage(second)
    }
    for (let rest = a; rest !== undefined; rest = await nextPage(first)) yield rest
    for (let rest = b; rest !== undefined; rest = await nextPage(second)) yield rest
  } finally {
    await Promise.all([first.return(), second.return()])
  }
}

/** `undefined` at the end. */
const nextPage = async (pages: Pages): Promise<readonly ObjectEntry[] | undefined> => {
  const { done, value } = await pages.next()
  return done === true ? undefined : value
}
