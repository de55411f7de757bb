using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;

using ConversionPlan plan = ConversionPlan.Create(args[0], new ConversionOptions { Precision = PrecisionRecipe.Named(args[2]), Force = true });
foreach (string note in plan.Notes) Console.WriteLine(note);
Console.WriteLine(plan.Write(args[1], null, default));
return 0;
