/** Every command, in the order of the help text. */
import { registerBackend } from "./backend.ts"
import { registerCompare } from "./compare.ts"
import { registerIndex } from "./corpus-index.ts"
import { registerData } from "./data.ts"
import { registerDemo } from "./demo.ts"
import { registerDoctor } from "./doctor.ts"
import { registerEval } from "./eval.ts"
import { registerFilter } from "./filter.ts"
import { registerGenerate } from "./generate.ts"
import { registerInit } from "./init.ts"
import { registerJudge } from "./judge.ts"
import { registerList } from "./list.ts"
import { registerMatrix } from "./matrix.ts"
import { registerReport } from "./report.ts"
import { registerScore } from "./score.ts"
import { registerSearch } from "./search.ts"
import { registerShow } from "./show.ts"
import { registerTool } from "./tool.ts"
import { registerTrain } from "./train.ts"
import { registerValidate } from "./validate.ts"

export const commands = [
  registerDemo,
  registerInit,
  registerList,
  registerShow,
  registerDoctor,
  registerBackend,
  registerData,
  registerIndex,
  registerSearch,
  registerGenerate,
  registerJudge,
  registerFilter,
  registerTrain,
  registerEval,
  registerTool,
  registerScore,
  registerCompare,
  registerMatrix,
  registerReport,
  registerValidate,
]
