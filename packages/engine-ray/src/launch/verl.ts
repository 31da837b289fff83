/**
 * The configuration for verl 0.9 (`verl.trainer.main_ppo`, FSDP, vLLM): its loss `seq-mean-token-sum` is ours, its advantages are
 * the judge client's (`adv_estimator=swirl`), its KL is a loss of its own.
 */
import { jsonLines, type Launcher } from "./launch.ts"
import { drawnRows, readJob, scriptLaunch, writing } from "./trainer-script.ts"

export const verlLauncher: Launcher = (job, engine, { python, gpus, rowsAtOnce }) => {
  const { settings, policy, longestPrompt } = readJob(job, engine, "verl")
  const { iterations, states, samples, maxTokens, beta } = settings
  const state = `${job.directory}/job/verl`
  const actor = "actor_rollout_ref.actor"
  const overrides: Readonly<Record<string, string | number | boolean>> = {
    "algorithm.adv_estimator": "swirl",
    "reward.reward_manager.source": "importlib",
    "reward.reward_manager.name": "SwirlRewardManager",
    "reward.reward_manager.module.path": "./swirl_judge.py",
    "data.train_files": "./rows.jsonl",
    "data.val_files": "./rows.jsonl",
    "data.shuffle": false,
    "data.train_batch_size": states,
    "data.max_prompt_length": longestPrompt,
    "data.max_response_length": maxTokens,
    "actor_rollout_ref.model.path": policy,
    "actor_rollout_ref.rollout.name": "vllm",
    "actor_rollout_ref.rollout.n": samples,
    "actor_rollout_ref.rollout.temperature": 1,
    "actor_rollout_ref.rollout.tensor_model_parallel_size": 1,
    "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu": rowsAtOnce,
    "actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu": rowsAtOnce,
    [`${actor}.ppo_mini_batch_size`]: states,
    [`${actor}.ppo_micro_batch_size_per_gpu`]: rowsAtOnce,
    [`${actor}.loss_agg_mode`]: "seq-mean-token-sum",
    [`${actor}.use_kl_loss`]: beta > 0,
    [`${actor}.kl_loss_coef`]: beta,
    [`${actor}.optim.lr`]: settings.learningRate,
    [`${actor}.optim.betas`]: `[${settings.beta1},${settings.beta2}]`,
    [`${actor}.optim.weight_decay`]: settings.weightDecay,
    [`${actor}.optim.lr_warmup_steps`]: settings.warmup,
    [`${actor}.optim.clip_grad`]: settings.clipNorm,
    "trainer.logger": "[console]",
    "trainer.resume_mode": "auto",
    "trainer.default_local_dir": state,
    "trainer.save_freq": settings.checkpointEvery,
    "trainer.max_actor_ckpt_to_keep": settings.keepCheckpoints,
    "trainer.nnodes": 1,
    "trainer.n_gpus_per_node": Math.max(1, gpus),
    "trainer.total_epochs": 1,
    "trainer.total_training_steps": iterations,
    "trainer.val_before_train": false,
    "trainer.test_freq": -1,
    "trainer.project_name": "swirl",
    "trainer.experiment_name": job.id,
  }
  const rows = drawnRows(job, settings).map(({ messages, ...row }) => ({
    data_source: "swirl",
    prompt: JSON.parse(messages),
    ability: "steps",
    // It has to be there; what is right is the judge's to say.
    reward_model: { style: "rule", ground_truth: "" },
    extra_info: { row_id: row.row_id, trajectory_id: row.trajectory_id, step_index: row.step_index },
  }))
  const words = Object.entries(overrides).map(([name, value]) => `${name}=${value}`)
  return scriptLaunch(
    job,
    { "rows.jsonl": jsonLines(rows) },
    {
      train: [python, "-m", "verl.trainer.main_ppo", ...words],
      save: [
        python,
        ..."-m verl.model_merger merge --backend fsdp --local_dir".split(" "),
        `${state}/global_step_${iterations}/actor`,
        "--target_dir",
        writing(job.directory),
      ],
    },
  )
}
