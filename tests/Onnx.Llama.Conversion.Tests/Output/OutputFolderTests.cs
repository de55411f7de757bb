using Onnx.Llama.Conversion.Output;
using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Output;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    private string Target => _place["model"];

    private string Old => _place[".model.old"];

    private string Partial => _place[".model.partial"];

    [Fact]
    public void Commit_NewFolder_AppearsWholeAndAlone()
    {
        using (OutputFolder folder = Begin())
        {
            WriteMark(folder.Partial, "new");
            Assert.False(Directory.Exists(Target));
            folder.Commit();
        }

        AssertOnly("new");
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        using (OutputFolder folder = Begin()) WriteMark(folder.Partial, "new");

        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    [Fact]
    public void Commit_Force_ReplacesTheOldFolder()
    {
        WriteMark(Target, "old");
        using (OutputFolder folder = Begin(force: true))
        {
            WriteMark(folder.Partial, "new");
            folder.Commit();
        }

        AssertOnly("new");
    }

    [Fact]
    public void Dispose_ForceWithoutCommit_KeepsTheOldFolder()
    {
        WriteMark(Target, "old");
        using (OutputFolder folder = Begin(force: true)) WriteMark(folder.Partial, "new");

        AssertOnly("old");
    }

    [Fact]
    public void Begin_TargetExists_IsRefusedAndLeavesItAlone()
    {
        WriteMark(Target, "old");

        AssertRefused("exists already", () => Begin());
        AssertOnly("old");
    }

    [Fact]
    public void Begin_KilledWhileWriting_DeletesWhatWasWritten()
    {
        WriteMark(Partial, "half");
        using (OutputFolder folder = Begin()) Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Partial));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    /// <summary>The old folder is renamed aside, the new one not yet in its place: the old one comes back, and is then not replaced without force.</summary>
    [Fact]
    public void Begin_KilledBetweenRenames_BringsTheOldFolderBackAndProtectsIt()
    {
        WriteMark(Old, "old");
        WriteMark(Partial, "new");

        AssertRefused("exists already", () => Begin());
        AssertOnly("old");
    }

    [Fact]
    public void Begin_KilledBeforeDeletingTheOld_DeletesIt()
    {
        WriteMark(Target, "new");
        WriteMark(Old, "old");
        using (Begin(force: true)) Assert.False(Directory.Exists(Old));

        AssertOnly("new");
    }

    [Fact]
    public void Begin_LockFileOfADeadProcess_IsTakenOver()
    {
        File.WriteAllText(_place[".model.lock"], "");
        using (Begin()) Assert.True(Directory.Exists(Partial));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    [Fact]
    public void Begin_AnotherConversionWritesIt_IsRefusedAndDisturbsNothing()
    {
        using OutputFolder first = Begin();
        WriteMark(first.Partial, "first");

        AssertRefused("being written by another conversion", () => Begin(force: true));
        first.Commit();
        Assert.Equal("first", ReadMark(Target));
    }

    [Fact]
    public void Begin_TargetIsAFile_IsRefused()
    {
        File.WriteAllText(Target, "mine");

        AssertRefused("is a file", () => Begin(force: true));
        Assert.Equal("mine", File.ReadAllText(Target));
    }

    [Fact]
    public void Begin_AFileInThePath_IsRefused()
    {
        File.WriteAllText(_place["file"], "mine");

        AssertRefused("cannot be written", () => OutputFolder.Begin(_place["file/model"], _place["source"], force: true));
    }

    [Theory]
    [InlineData("source")]
    [InlineData("source/")]
    [InlineData("")]
    public void Begin_TargetIsOrHoldsTheSource_IsRefused(string output)
    {
        Directory.CreateDirectory(_place["source"]);

        AssertRefused("is, or holds, the checkpoint", () => OutputFolder.Begin(_place[output], _place["source"], force: true));
    }

    [Fact]
    public void Begin_TargetBesideTheSourceWithItsNameAsPrefix_IsAllowed()
    {
        Directory.CreateDirectory(_place["source-int4"]);
        using OutputFolder folder = OutputFolder.Begin(_place["source"], _place["source-int4"], force: false);

        Assert.True(Directory.Exists(folder.Partial));
    }

    public void Dispose() => _place.Dispose();

    private OutputFolder Begin(bool force = false) => OutputFolder.Begin(Target, _place["source"], force);

    private static void AssertRefused(string expected, Func<OutputFolder> begin) =>
        Assert.Contains(expected, Assert.Throws<ConversionException>(() => begin().Dispose()).Message, StringComparison.Ordinal);

    private void AssertOnly(string mark)
    {
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(_place.Path).Select(Path.GetFileName));
        Assert.Equal(mark, ReadMark(Target));
    }

    private static void WriteMark(string folder, string mark)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "mark"), mark);
    }

    private static string ReadMark(string folder) => File.ReadAllText(Path.Combine(folder, "mark"));
}
