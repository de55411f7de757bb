using System.CommandLine;
using Onnx.Llama.Benchmarks;

RootCommand root = new("Measures the parts of Onnx.Llama, and makes what is measured.") { CheckpointCommand.Create(), EnginesCommand.Create() };
return root.Parse(args).Invoke();
