using System.CommandLine;
using Onnx.Llama.Chat;
using Onnx.Llama.Cli.Cache;
using Onnx.Llama.Cli.CommandLine;
using Onnx.Llama.Cli.Opening;
using Onnx.Llama.Cli.Running;

namespace Onnx.Llama.Cli.Verbs;

/// <summary><c>run MODEL [PROMPT]</c>: one answer, or a chat.</summary>
internal static class RunVerb
{
    public static Command Create(Interrupts interrupts)
    {
        Argument<string> model = CommonOptions.Folder("MODEL", "A converted model's folder, or a checkpoint's, which is converted into the cache first.");
        Argument<string?> prompt = new("PROMPT") { Description = "What to answer. Without it, standard input if that is piped, else a chat.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> raw = new("--raw") { Description = "Continue PROMPT as it is, without the chat template." };
        Option<string?> system = new("--system") { Description = "The system message of the chat." };
        Option<int?> maxTokens = CommonOptions.Positive("--max-tokens", "The most tokens of an answer; by default until the model ends or its context is full.");
        Option<string[]> stop = new("--stop") { Description = "A text that ends an answer; may be given several times.", HelpName = "TEXT" };
        RuntimeArguments runtime = new();
        Option<bool> stats = new("--stats") { Description = "Print speed and counts on standard error." };
        SamplingArguments sampling = new();
        Command command = new("run", "Answer a prompt, or chat.") { model, prompt, raw, system, maxTokens, stop, stats };
        sampling.AddTo(command);
        runtime.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            RunSettings settings = new()
            {
                Prompt = parsed.GetValue(prompt),
                Raw = parsed.GetValue(raw),
                System = parsed.GetValue(system),
                Stats = parsed.GetValue(stats),
            };
            GenerationOptions generation = new() { MaxTokens = parsed.GetValue(maxTokens), Stop = parsed.GetValue(stop) ?? [] };
            return RunAsync(
                parsed.GetRequiredValue(model),
                runtime.Read(parsed),
                settings,
                opened => generation with { Sampling = sampling.Read(parsed, opened.DefaultSampling) },
                interrupts);
        });
        return command.WithExamples(
            "onnx-llama run models/tales \"Tell me a story about an owl named Zara and a golden key.\"",
            "onnx-llama run ./Llama-3.2-1B-Instruct-int4                             a chat",
            "onnx-llama run ./Llama-3.2-1B-int4 --raw \"Once upon a time\" --max-tokens 64 --temperature 0.8 --seed 7",
            "onnx-llama run ./Llama-3.2-1B-Instruct-int4 --system \"Be brief.\" < question.txt");
    }

    private static async Task<int> RunAsync(
        string path, ModelOptions options, RunSettings settings, Func<LanguageModel, GenerationOptions> generation, Interrupts interrupts)
    {
        settings.Check();
        string folder = ModelCache.Resolve(path, pooling: null, interrupts.Token);
        string? prompt = settings.Prompt ?? (Console.IsInputRedirected ? await Console.In.ReadToEndAsync(interrupts.Token).ConfigureAwait(false) : null);
        if (prompt is "") throw new UsageException("standard input is empty; expected something to answer, or PROMPT.");
        using LanguageModel model = new ModelOpening().Open(LanguageModel.Open, folder, options, interrupts.Token);
        if (settings.Stats) Statistics.WriteProvider(model);
        Answerer answerer = new(model, generation(model), settings.Stats);
        if (prompt is null)
        {
            using Conversation chat = new(model, settings.System);
            return await InteractiveChat.RunAsync(chat, settings.System, answerer, interrupts).ConfigureAwait(false);
        }

        if (settings.Raw)
        {
            await answerer.ContinueAsync(prompt, interrupts.Token).ConfigureAwait(false);
            return ExitCodes.Done;
        }

        using Conversation single = new(model, settings.System);
        await answerer.AnswerAsync(single, prompt, interrupts.Token).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
