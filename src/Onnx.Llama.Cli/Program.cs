using Onnx.Llama;
using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;

if (args[0] == "v")
{
    using LanguageModel model = LanguageModel.Open(args[1], new ModelOptions { Threads = 1 });
    VerificationReport r = new Verifier(model.Decoder, 1e-4, true).Compare(ReferenceFile.Read(args[2], model.VocabularySize, model.ContextLength), default);
    Console.WriteLine(r);
    return 0;
}

using ConversionPlan plan = ConversionPlan.Create(args[0], new ConversionOptions { Precision = PrecisionRecipe.Named(args[2]), Force = true });
foreach (string note in plan.Notes) Console.WriteLine(note);
Console.WriteLine(plan.Write(args[1], null, default));
return 0;
