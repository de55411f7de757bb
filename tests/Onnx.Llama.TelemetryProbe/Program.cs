using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Onnx.Llama;

// Opens a model, runs it and waits, for the test that watches which sockets this process opens:
// "host FOLDER SECONDS" as Onnx.Llama does it, "control FILE SECONDS" as an application that knows nothing of telemetry.
TimeSpan patience = TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture));
if (args[0] == "host")
{
    using LanguageModel model = LanguageModel.Open(args[1], new ModelOptions { Threads = 1 });
    int[] prompt = [0];
    await foreach (TextDelta delta in model.GenerateAsync(prompt, new GenerationOptions { MaxTokens = 4 })) Console.WriteLine(delta.TokenId);
    await Task.Delay(patience);
}
else
{
    using InferenceSession session = new(args[1]);
    Console.WriteLine(session.InputMetadata.Count);
    await Task.Delay(patience);
}
