/** A tool as it is sent along with a request, for models that call tools by themselves. */
export interface FunctionTool {
  type: "function"
  name: string
  description?: string
  inputSchema: object
}
