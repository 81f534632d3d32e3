/** What follows from a configuration alone is derived once per configuration, however often somebody asks. */

/** `derive` of each object once, for as long as the object lives; the object must never change. */
export function oncePer<Facts extends object, Derived>(derive: (facts: Facts) => Derived): (facts: Facts) => Derived {
  const known = new WeakMap<Facts, { readonly derived: Derived }>()
  return (facts) => {
    const before = known.get(facts)
    if (before !== undefined) return before.derived
    const derived = derive(facts)
    known.set(facts, { derived })
    return derived
  }
}
