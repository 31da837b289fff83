/** What a tokenizer is made from: the parsed files of a folder. */
type Json = Record<string, unknown>

export interface TokenizerSource {
  /** Parsed tokenizer.json. */
  tokenizer: Readonly<Json>
  /** Parsed tokenizer_config.json. */
  config?: Readonly<Json>
  template?: string
  endTokenIds?: readonly unknown[]
  /** The file that errors name. */
  where?: string
  /** The file of the template, where it is another one. */
  templateWhere?: string
}
