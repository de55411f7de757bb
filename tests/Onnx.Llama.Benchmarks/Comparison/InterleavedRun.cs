using System.Globalization;

namespace Onnx.Llama.Benchmarks.Comparison;

/// <summary>
/// Measures engines beside each other: in every round each scenario once, the engines in turn, every figure from a process of its own, so that no other
/// engine's idle threads spin beside it.
/// </summary>
internal sealed class InterleavedRun(IReadOnlyList<Contestant> contestants, IReadOnlyList<Scenario> scenarios, ComparisonSettings settings)
{
    private readonly List<Measurement> _measurements = [];
    private readonly List<ModelFacts> _models = [];

    /// <summary>What has been measured so far.</summary>
    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>The models so far.</summary>
    public IReadOnlyList<ModelFacts> Models => _models;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="afterRound">Called after each round.</param>
    public void Measure(ComparedModel model, Action afterRound)
    {
        Dictionary<string, string> leftOut = [];
        _models.Add(new ModelFacts(
            model.Shape, model.Precision, model.StepBytes, model.FolderBytes, model.GgufBytes, leftOut));
        List<Contestant> able = [.. contestants.Where(contestant => Able(contestant, model, leftOut))];
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach (Scenario scenario in scenarios)
            {
                // Every round begins with another engine, so that none always follows the same one.
                Contestant[] takers = [.. able.Where(contestant => contestant.Excuse(model, scenario) is null)];
                for (int i = 0; i < takers.Length; i++) Add(takers[(round + i) % takers.Length], model, scenario, round);
            }

            afterRound();
        }
    }

    // A first load: what engines keep for later ones is made here, files come into the system's cache, and an engine that cannot run the model is known.
    private bool Able(Contestant contestant, ComparedModel model, Dictionary<string, string> leftOut)
    {
        Scenario first = contestant.Excuse(model, Scenario.Named("load")) is null ? Scenario.Named("load") : Scenario.All[0];
        string? why = contestant.Excuse(model, first);
        try
        {
            if (why is null) contestant.Read(ChildProcess.Run(contestant.Command(model, first, settings), watch: false).Output, first);
        }
        catch (ChildProcessException exception)
        {
            why = exception.Message;
        }

        if (why is not null) leftOut[contestant.Name] = why;
        return why is null;
    }

    private void Add(Contestant contestant, ComparedModel model, Scenario scenario, int round)
    {
        Measurement? best = null;
        for (int attempt = 0; attempt < settings.Tries && (best is null || best.OtherCores > settings.Busy); attempt++)
        {
            if (attempt > 0) AwaitQuiet();
            Measurement next = Once(contestant, model, scenario, round);
            best = (best is null || next.OtherCores < best.OtherCores ? next : best) with { Discarded = attempt };
        }

        _measurements.Add(best!);
        string what = $"{model.Shape} {model.Precision} {scenario.Name} {contestant.Name}";
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{round + 1}/{settings.Rounds} {what}: {best!.Value:0.###} {scenario.Unit}, others {best.OtherCores:0.00} cores"));
    }

    private void AwaitQuiet()
    {
        for (int seconds = 0; seconds < 20; seconds++)
        {
            Disturbance disturbance = new();
            Thread.Sleep(1000);
            if (disturbance.OtherCores() <= settings.Busy) return;
        }
    }

    private Measurement Once(Contestant contestant, ComparedModel model, Scenario scenario, int round)
    {
        bool load = scenario.Kind == ScenarioKind.Load;
        ChildResult child = ChildProcess.Run(contestant.Command(model, scenario, settings), watch: load);
        Figure figure = contestant.Read(child.Output, scenario);
        return new Measurement(
            model.Shape, model.Precision, scenario.Name, contestant.Name, round, figure.Value, load ? child.OtherCores : figure.OtherCores, 0,
            load ? child.PeakResidentBytes : null, load ? child.PeakAnonymousBytes : null);
    }
}
