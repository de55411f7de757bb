using System.CommandLine;
using System.Text;
using Onnx.Llama.Tokenization;
using Reference = Tokenizers.DotNet.Tokenizer;

namespace Onnx.Llama.Benchmarks.Tokenization;

/// <summary><c>tokenizer FOLDER… --text FILE</c>: load time and MB/s of encoding and decoding, one thread, beside Hugging Face's Rust library.</summary>
internal static class TokenizerCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo[]> folders = new("FOLDER") { Description = "Folders with a tokenizer.json.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo> text = new("--text") { Description = "The text to encode, UTF-8.", Required = true };
        Option<int> runs = new("--runs") { Description = "Runs of each warm measurement; the best counts.", DefaultValueFactory = _ => 5 };
        Option<bool> rust = new("--rust") { Description = "Measures the Rust library too (linux-x64)." };

        Command command = new("tokenizer", "Measures loading, encoding and decoding of tokenizers.") { folders, text, runs, rust };
        command.SetAction(result =>
        {
            string content = File.ReadAllText(result.GetRequiredValue(text).FullName);
            Console.WriteLine("| tokenizer | load ms | cold MB/s | warm MB/s | decode MB/s |");
            Console.WriteLine("|---|---|---|---|---|");
            foreach (DirectoryInfo folder in result.GetRequiredValue(folders))
            {
                MeasureOurs(folder, content, result.GetValue(runs));
                if (result.GetValue(rust)) MeasureRust(folder, content, result.GetValue(runs));
            }
        });
        return command;
    }

    private static void MeasureOurs(DirectoryInfo folder, string text, int runs)
    {
        double load = Timing.BestMilliseconds(runs, () => Tokenizer.Load(folder.FullName));
        Tokenizer tokenizer = Tokenizer.Load(folder.FullName);
        double cold = Timing.BestMilliseconds(1, () => tokenizer.Count(text, addSpecialTokens: false));
        double warm = Timing.BestMilliseconds(runs, () => tokenizer.Count(text, addSpecialTokens: false));
        int[] ids = tokenizer.Encode(text, addSpecialTokens: false);
        double decode = Timing.BestMilliseconds(runs, () => tokenizer.Decode(ids));
        Write(folder.Name, load, cold, warm, decode, Encoding.UTF8.GetByteCount(text));
    }

    private static void MeasureRust(DirectoryInfo folder, string text, int runs)
    {
        string file = Path.Combine(folder.FullName, "tokenizer.json");
        double load = Timing.BestMilliseconds(runs, () => new Reference(file).Dispose());
        using var tokenizer = new Reference(file);
        double cold = Timing.BestMilliseconds(1, () => tokenizer.Encode(text));
        double warm = Timing.BestMilliseconds(runs, () => tokenizer.Encode(text));
        uint[] ids = tokenizer.Encode(text);
        double decode = Timing.BestMilliseconds(runs, () => tokenizer.Decode(ids));
        Write($"{folder.Name}, Rust", load, cold, warm, decode, Encoding.UTF8.GetByteCount(text));
    }

    private static void Write(string name, double load, double cold, double warm, double decode, int bytes)
    {
        double kilobytes = bytes / 1e3;
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {load:F0} | {kilobytes / cold:F1} | {kilobytes / warm:F1} | {kilobytes / decode:F1} |"));
    }
}
