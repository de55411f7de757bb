using Onnx.Llama.Cli.Verification;
using Onnx.Llama.Conversion;
using Onnx.Llama.Conversion.Weights;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Cli.Tests.Verification;

/// <summary>Converts a checkpoint at fp32 and compares it with a reference file, as <c>verify</c> does.</summary>
internal static class GoldenModels
{
    public const double Tolerance = 1e-4;

    /// <summary>The models of ../shared/goldens/models.</summary>
    public static TheoryData<string> Names =>
    [
        "apertus", "arcee", "cohere", "cohere2", "deepseek_v3", "ernie4_5", "exaone4", "gemma", "gemma2", "gemma3", "glm", "glm4",
        "gpt_oss", "granite", "granitemoe", "helium", "hunyuan_dense", "llama_bias", "llama_gqa", "llama_mha", "llama_mqa", "llama_odd",
        "llama_rope_dynamic", "llama_rope_linear", "llama_rope_llama3", "llama_rope_yarn", "llama_tied", "ministral", "mistral",
        "mistral_nemo", "mixtral", "nemotron", "olmo", "olmo2", "olmo3", "olmoe", "phi", "phi3", "phi3_longrope", "phi4_partial", "phimoe",
        "qwen2", "qwen2_moe", "qwen2_window", "qwen3", "qwen3_moe", "qwen3_tied", "seed_oss", "smollm3", "stablelm", "starcoder2",
    ];

    public static string Convert(string source, string output)
    {
        using ConversionPlan plan = ConversionPlan.Create(source, new ConversionOptions { Precision = PrecisionRecipe.Fp32, Threads = 1 });
        return plan.Write(output, progress: null, TestContext.Current.CancellationToken).Folder;
    }

    public static LanguageModel Open(string folder, KernelChoice kernels = KernelChoice.Auto) => LanguageModel.Open(folder, new ModelOptions { Threads = 1, Spinning = false, Kernels = kernels, KernelCache = null });

    public static VerificationReport Verify(LanguageModel model, string reference, bool exactGreedy = true)
    {
        ReferenceFile file = ReferenceFile.Read(reference, model.VocabularySize, model.ContextLength);
        return new Verifier(model.Decoder, Tolerance, exactGreedy).Compare(file, TestContext.Current.CancellationToken);
    }

    /// <summary>Writes a reference file again with some tensors changed, left out (null) or added.</summary>
    public static string Rewrite(string reference, string output, params (string Name, ReferenceTensor? Tensor)[] changes)
    {
        Dictionary<string, ReferenceTensor> tensors = ReferenceTensors.Read(reference);
        foreach ((string name, ReferenceTensor? tensor) in changes)
        {
            if (tensor is null) tensors.Remove(name);
            else tensors[name] = tensor;
        }

        SafetensorsWriter writer = new();
        foreach ((string name, ReferenceTensor tensor) in tensors)
        {
            writer.Add(name, Enum.Parse<Checkpoints.DType>(tensor.DType), [.. tensor.Shape.Select(size => (long)size)], tensor.Bytes);
        }

        writer.Save(output);
        return output;
    }
}
