using System.Diagnostics;
using Onnx.Llama.Cli.Benchmarking;
using Onnx.Llama.Templates;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary>Measures rendering a chat of 20 messages by each template of a folder. Templates that refuse the chat are left out.</summary>
internal static class TemplateMeasurement
{
    private const int Runs = 200;

    public static IReadOnlyList<TemplateFigures> Run(string folder, int rounds)
    {
        ChatTemplateInput chat = new()
        {
            Messages = [.. Enumerable.Range(0, 20).Select(i => new TemplateMessage(i % 2 == 0 ? "user" : "assistant", $"Message {i}: a few words that say nothing, twice over."))],
            AddGenerationPrompt = true,
            BosToken = "<s>",
            EosToken = "</s>",
        };
        ChatTemplate[] templates = [.. Directory.EnumerateFiles(folder, "*.jinja").Order(StringComparer.Ordinal)
            .Select(file => ChatTemplate.Parse(File.ReadAllText(file), Path.GetFileNameWithoutExtension(file))).Where(template => Renders(template, chat))];
        List<double>[] times = [.. templates.Select(_ => new List<double>())];
        for (int round = -5; round < rounds; round++)
        {
            for (int i = 0; i < templates.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                for (int run = 0; run < Runs; run++) templates[i].Render(chat);
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Runs);
            }
        }

        return [.. templates.Select((template, i) => new TemplateFigures(template.Name, Spread.Of(times[i])))];
    }

    private static bool Renders(ChatTemplate template, ChatTemplateInput chat)
    {
        try
        {
            template.Render(chat);
            return true;
        }
        catch (TemplateException)
        {
            return false;
        }
    }
}
