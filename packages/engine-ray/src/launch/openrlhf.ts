/**
 * The configuration for OpenRLHF 0.11 (`openrlhf.cli.train_ppo_ray`): leave-one-out advantages (`rloo`) and the KL as a penalty,
 * as ours; its loss is a mean over tokens, which ours is not.
 */
import { jsonLines, type Launcher } from "./launch.ts"
import { drawnRows, readJob, scriptLaunch, writing } from "./trainer-script.ts"

export const openrlhfLauncher: Launcher = (job, engine, { python, gpus, rowsAtOnce }) => {
  const { settings, policy, longestPrompt } = readJob(job, engine, "openrlhf")
  const { states, samples, maxTokens, beta1, beta2 } = settings
  const [model, state] = [`${job.directory}/job/openrlhf/model`, `${job.directory}/job/openrlhf/state`]
  const nodes = Math.max(1, gpus)
  const flags: Readonly<Record<string, string | number | readonly (string | number)[]>> = {
    "actor.model_name_or_path": policy,
    "data.prompt_dataset": "./rows.jsonl",
    "data.input_key": "input",
    "data.label_key": "label",
    "data.apply_chat_template": [],
    "data.max_len": longestPrompt + maxTokens,
    "reward.remote_url": "./swirl_judge.py",
    "algo.dynamic_filtering_enable": [],
    "algo.advantage.estimator": "rloo",
    "algo.kl.init_coef": settings.beta,
    "rollout.n_samples_per_prompt": samples,
    "rollout.batch_size": states,
    "rollout.micro_batch_size": rowsAtOnce,
    "rollout.max_new_tokens": maxTokens,
    "rollout.temperature": 1,
    "rollout.top_p": 1,
    "train.batch_size": states * samples,
    "train.micro_batch_size": rowsAtOnce,
    "train.num_episodes": 1,
    "train.seed": job.seed,
    "train.colocate_all": [],
    "actor.adam.lr": settings.learningRate,
    "actor.adam.betas": [beta1, beta2],
    "actor.adam.eps": settings.epsilon,
    "actor.adam.weight_decay": settings.weightDecay,
    "actor.lr_scheduler": "constant_with_warmup",
    "actor.lr_warmup_ratio": Math.min(1, settings.warmup / settings.iterations),
    "actor.max_norm": settings.clipNorm,
    "actor.num_nodes": 1,
    "actor.num_gpus_per_node": nodes,
    "ref.num_nodes": 1,
    "ref.num_gpus_per_node": nodes,
    "vllm.num_engines": nodes,
    "vllm.tensor_parallel_size": 1,
    "vllm.enable_sleep": [],
    "ds.enable_sleep": [],
    "ckpt.output_dir": model,
    "ckpt.path": state,
    "ckpt.save_steps": settings.checkpointEvery,
    "ckpt.max_num": settings.keepCheckpoints,
    "ckpt.load_enable": [],
  }
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, ...[value].flat().map(String)])
  const rows = drawnRows(job, settings).map(({ messages, row_id }) => ({ input: JSON.parse(messages), label: row_id }))
  return scriptLaunch(
    job,
    { "rows.jsonl": jsonLines(rows) },
    {
      train: [python, "-m", "openrlhf.cli.train_ppo_ray", ...words],
      save: ["cp", "-r", model, writing(job.directory)],
    },
  )
}
