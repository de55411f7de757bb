using System.CommandLine;
using Onnx.Llama.Benchmarks;
using Onnx.Llama.Benchmarks.Tokenization;

RootCommand root = new("Measures the parts of Onnx.Llama, and makes what is measured.") { CheckpointCommand.Create(), EnginesCommand.Create(), TokenizerCommand.Create() };
return root.Parse(args).Invoke();
