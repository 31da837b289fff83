/** Where things are in a run folder. Names are made safe here, in one place. */
import { contentHash, type OpenModel, slug, type Temperature, temperatureSuffix } from "@swirl-ts/core"
import { join } from "@swirl-ts/platform"

/**
 * `<policy>`: slug of the model string and 8 hex digits of the string and the identity of what it opened. Where that is a
 * digest, the provider stands for the string: a checkpoint under another path is the same policy.
 */
export function policySlug(
  modelString: string,
  { identity, identityIsDigest = false }: Pick<OpenModel, "identity" | "identityIsDigest">,
): string {
  const name = identityIsDigest ? providerOf(modelString) : modelString
  return `${slug(name, "start")}-${contentHash([name, identity], 8)}`
}

/** What stands before the first colon: it opens what stands after it. */
export const providerOf = (modelString: string): string => modelString.split(":", 1)[0]!

export interface RunPaths {
  directory: string
  run: string
  responses: string
  trajectories: string
  verdicts: string
  attempts: string
  /** What is known of trajectories that other tools have made, one record each; and what was read. */
  imported: string
  imports: string
  /** Folder of selections. */
  filters: string
  matrix: string
  measurement: string
  report: string
  training(name: string): {
    directory: string
    metrics: string
    training: string
    selection: string
    /** Questions that the policy has seen when the training ends. */
    seen: string
    checkpoints: string
    checkpoint(step: number): string
  }
  /** `policy` is a policySlug; `benchmark` a short or full name; greedy where no temperature is given. `verdicts` and `coverage` are one for all of a policy's. */
  evaluation(
    policy: string,
    benchmark: string,
    temperature?: Temperature,
  ): { samples: string; trajectories: string; verdicts: string; coverage: string }
}

/** Verdicts on the steps of evaluated trajectories, of all cells in a folder `eval/<policy>`. */
export const evaluatedVerdicts = (folder: string): string => join(folder, "verdicts.jsonl")

export function runPaths(directory: string): RunPaths {
  const at = (...parts: string[]): string => join(directory, ...parts)
  return {
    directory,
    run: at("run.json"),
    responses: at("responses.jsonl"),
    trajectories: at("trajectories.jsonl"),
    verdicts: at("verdicts.jsonl"),
    attempts: at("attempts.jsonl"),
    imported: at("imported.jsonl"),
    imports: at("imports.json"),
    filters: at("filters"),
    matrix: at("matrix.json"),
    measurement: at("measured.json"),
    report: at("report"),
    training: (name) => {
      const folder = at("train", slug(name))
      return {
        directory: folder,
        metrics: join(folder, "metrics.jsonl"),
        training: join(folder, "training.json"),
        selection: join(folder, "selection.json"),
        seen: join(folder, "seen.jsonl"),
        checkpoints: join(folder, "checkpoints"),
        checkpoint: (step) => join(folder, "checkpoints", String(step)),
      }
    },
    evaluation: (policy, benchmark, temperature = 0) => {
      const name = slug(`${benchmark}${temperatureSuffix(temperature)}`)
      return {
        samples: at("eval", slug(policy), `${name}.jsonl`),
        trajectories: at("eval", slug(policy), `${name}.trajectories.jsonl`),
        verdicts: evaluatedVerdicts(at("eval", slug(policy))),
        coverage: at("eval", slug(policy), "coverage.json"),
      }
    },
  }
}
