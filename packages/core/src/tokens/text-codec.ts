/** How a model writes text as ids. `encode` reads the names of special tokens as these tokens and adds none of its own. */
export interface TextCodec {
  encode(text: string): number[]
  /** Special tokens are left out. */
  decode(tokenIds: readonly number[]): string
  /** The same with special tokens by their names; absent: they have none. */
  spell?(tokenIds: readonly number[]): string
  /** Ids that end a model's turn. */
  isEndOfTurn(tokenId: number): boolean
  /** Names of control tokens as text. Without it, such a name is control whoever wrote it. */
  names?: {
    /** Those that stand in a text and that `encode` would read as control tokens; longer ones first. */
    within(text: string): readonly string[]
    /** Ids of a text in which they are text like any other. */
    encode(text: string): number[]
    /**
     * Ids of a text in which names that hold the mark are text, without it, and whole ones control tokens. Without it, the parts
     * between whole names are encoded one by one, which is another text to tokenizers that begin one in their own way.
     */
    encodeMarked?(text: string, mark: string): number[]
  }
}
