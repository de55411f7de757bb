using System.CommandLine;
using Onnx.Llama.Benchmarks;
using Onnx.Llama.Benchmarks.Comparison;
using Onnx.Llama.Benchmarks.Tokenization;

RootCommand root = new("Measures the parts of Onnx.Llama, and makes what is measured.")
{
    CheckpointCommand.Create(), CompareCommand.Create(), MeasureCommand.Create(), TokenizerCommand.Create(),
};
return root.Parse(args).Invoke();
