using Onnx.Llama.Cli.CommandLine;

return await Tool.RunAsync(args).ConfigureAwait(false);
