/**
 * Words and phrases that point to a category, parted by commas and line breaks; written as for `compileVocabulary`: whole
 * words, English endings by themselves, a trailing `*` takes any ending.
 */
export interface CategoryWords {
  /** They name the work itself, whatever it is about: "summarize", "translate". */
  readonly task: string;
  /** What such work is about. */
  readonly topic: string;
  /** Common words that lend weight where nothing else decides. */
  readonly hint: string;
}
