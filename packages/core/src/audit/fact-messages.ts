/** What is said of rules for what is known of their facts, by message id. */
export const FACT_MESSAGES = {
  'fact-unknown': 'a fact that this rule needs is not known: {facts}',
  'fact-partial': 'it would pass, but only part of the facts was seen: {facts}',
  'attribute-missing': 'the target has no attribute {attribute}, which decides whether the rule applies',
} as const
