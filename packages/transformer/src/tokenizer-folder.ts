/** The tokenizer files of a folder, written beside a saved model. */
import { copyFileSync, existsSync, join } from "@swirl-ts/platform"
import { isGgufFile, openCheckpoint } from "./checkpoint.ts"
import { writeAtomically } from "./safetensors.ts"

const tokenizerFiles = [
  ...["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model"],
  ...["vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json"],
]

/** Copies a folder's tokenizer files, or writes those that say what a GGUF file says. */
export function writeTokenizer(directory: string, from: string): void {
  if (isGgufFile(from)) {
    const { tokenizer, config } = openCheckpoint(from).tokenizer()
    writeJson(join(directory, "tokenizer.json"), tokenizer)
    writeJson(join(directory, "tokenizer_config.json"), config)
  } else if (from !== directory)
    for (const name of tokenizerFiles)
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(directory, name))
}

export const writeJson = (file: string, value: unknown): void =>
  writeAtomically(file, () => [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)])
