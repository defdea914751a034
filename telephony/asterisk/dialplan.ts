/** The steps of one extension; `(label)` may stand before a step. */
export const extension = (pattern: string, ...steps: readonly string[]): string[] =>
  steps.map((step, index) => {
    const [, label = '', application = step] = /^(\([a-z]+\))(.*)$/s.exec(step) ?? [];
    return index === 0
      ? `exten => ${pattern},1${label},${application}`
      : ` same => n${label},${application}`;
  });

/**
 * Reads what came from outside into a variable. A `)` followed by a `:` in a value would end the function that the
 * value is given to.
 */
export const readInto = (variable: string, source: string, instead = '%29'): string[] => [
  `Set(${variable}=\${${source}})`,
  `Set(${variable}=\${STRREPLACE(${variable},),${instead})})`,
];
